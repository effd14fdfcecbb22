// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.List;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * What is to be installed, and by what.
 *
 * @param request the task's request
 * @param interpreter the interpreter that was found for it
 * @param required its requirements
 * @param options lines that stand before them: indexes, constraints
 * @param installer what installs them
 * @param context the surroundings
 */
record InstallationJob(
        EnvironmentRequest request,
        Interpreter interpreter,
        RequirementSet required,
        List<String> options,
        Installer installer,
        PluginContext context) {

    InstallationJob {
        options = List.copyOf(options);
    }

    Installation installation(InstallationTarget target) {
        return new Installation(
                installer,
                target,
                InstallationOrder.of(context.settings()),
                options,
                new StoredPackages(context.storage()),
                request.console());
    }
}
