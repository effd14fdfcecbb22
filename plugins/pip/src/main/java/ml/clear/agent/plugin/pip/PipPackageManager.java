// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.install.Installer;
import ml.clear.agent.plugin.pythonsupport.install.RequirementsPlanner;
import ml.clear.agent.plugin.pythonsupport.tool.PipCommands;
import ml.clear.agent.plugin.pythonsupport.tool.PipSeeds;
import ml.clear.agent.plugin.pythonsupport.tool.VersionRule;

/** Builds environments with pip, or with uv underneath if {@code agent.package_manager.uv_replace_pip} says so. */
final class PipPackageManager implements PackageManager {

    /** The package manager of plugin {@code uv} that installs lists of requirements. */
    private static final String UV = "uv-pip";

    private final PluginContext context;
    private final PipSettings settings;
    private final PipCommands commands;
    private final PipSeeds seeds;
    private final RequirementsPlanner planner;

    PipPackageManager(PluginContext context) {
        this.context = context;
        this.settings = PipSettings.of(context.settings());
        this.commands = PipCommands.of(context);
        this.seeds = new PipSeeds(context, commands);
        this.planner = new RequirementsPlanner(context);
    }

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        if (context.settings().get(PackageSettings.UV_REPLACE_PIP)) {
            request.console().line("uv installs in place of pip (" + PackageSettings.UV_REPLACE_PIP.key() + ")");
            return context.packageManager(UV).plan(request);
        }
        return planner.plan(request, this::installer);
    }

    private Installer installer(Interpreter interpreter, RequirementSet required, Console console) {
        return new PipInstaller(
                settings, commands, seeds, context.commands(), interpreter, pipVersion(interpreter, required));
    }

    /** The task's own requirement for pip, otherwise the configured versions for this interpreter. */
    private VersionSpecifiers pipVersion(Interpreter interpreter, RequirementSet required) {
        Optional<VersionSpecifiers> own = required.named("pip")
                .flatMap(line -> VersionSpecifiers.of(
                        line.normal().substring("pip".length()).split(";", -1)[0]));
        if (own.isPresent()) {
            return own.get();
        }
        List<String> configured = settings.pipVersions().stream()
                .filter(rule -> rule.holdsOn(interpreter.markers()))
                .map(VersionRule::versions)
                .map(versions -> exact(versions.toString()))
                .toList();
        return VersionSpecifiers.of(String.join(",", configured)).orElseThrow();
    }

    private static String exact(String versions) {
        return !versions.isEmpty() && Character.isDigit(versions.charAt(0)) ? "==" + versions : versions;
    }
}
