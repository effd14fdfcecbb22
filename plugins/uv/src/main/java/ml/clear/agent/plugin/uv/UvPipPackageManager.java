// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.install.RequirementsPlanner;

/** Builds environments from lists of requirements with {@code uv pip}. */
final class UvPipPackageManager implements PackageManager {

    private final PluginContext context;
    private final UvSettings settings;
    private final UvCommands commands;
    private final UvProgram.Search programs;
    private final RequirementsPlanner planner;

    UvPipPackageManager(PluginContext context) {
        this.context = context;
        this.settings = UvSettings.of(context.settings());
        this.commands = new UvCommands(context, settings);
        this.programs = new UvProgram.Search(context, settings);
        this.planner = new RequirementsPlanner(context);
    }

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        return planner.plan(
                request,
                (interpreter, required, console) ->
                        new UvInstaller(context, settings, commands, programs.find(interpreter, console), interpreter));
    }
}
