// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * What is to be installed, and what installs it.
 *
 * @param client solves and installs
 * @param channels the preferred one first
 * @param division the packages
 * @param variables environment variables that an environment file names
 * @param recorded whether the packages are recorded in the task
 * @param cuda the version of CUDA as digits, such as 124; 0 for none
 */
record CondaWork(
        PluginContext context,
        EnvironmentRequest request,
        CondaClient client,
        List<String> channels,
        Division division,
        Map<String, String> variables,
        boolean recorded,
        int cuda) {

    CondaWork {
        channels = List.copyOf(channels);
        variables = Map.copyOf(variables);
    }

    /**
     * Install all packages, those of channels first.
     *
     * @param keep whether the environment exists and its other packages stay
     */
    void install(CondaPrefix prefix, boolean keep) throws InterruptedException {
        Console console = request.console();
        List<Requirement> left =
                new CondaInstallation(client, channels, division.conda(), console).into(prefix.folder(), keep);
        List<Requirement> all = new ArrayList<>(division.pip().requirements());
        all.addAll(left);
        RequirementSet pip = division.pip();
        new PipPart(context, request)
                .install(prefix, new RequirementSet(all, pip.options(), pip.constraints(), pip.notes()));
    }

    /** Bring a copy of the environment up to date with the task's own sources. */
    void renew(CondaPrefix prefix) throws InterruptedException {
        new PipPart(context, request).renew(prefix, division.pip());
    }

    /** The environment as the agent uses it. */
    PythonEnvironment ready(Path folder, CondaPrefix prefix) throws InterruptedException {
        Map<String, String> all = new HashMap<>(new CondaActivation(context, request.console()).of(prefix));
        all.putAll(variables);
        return new PythonEnvironment(
                folder,
                prefix.python(),
                all,
                FrozenConda.of(prefix, division.pip(), request.sources().root(), recorded));
    }
}
