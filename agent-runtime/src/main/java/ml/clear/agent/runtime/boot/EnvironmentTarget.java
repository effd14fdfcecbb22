// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.runtime.config.TaskSettings;

/** Decides whether the packages of a task go into an environment of its own or into one that exists. */
final class EnvironmentTarget {

    private EnvironmentTarget() {}

    /**
     * Decide.
     *
     * @param environment the variables of the agent
     */
    static Target of(Settings settings, Map<String, String> environment) {
        String value = settings.get(PythonSettings.SKIP_VENV).strip();
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "" -> activated(settings, environment);
            case "0", "false", "no", "off" -> new Target.New();
            case "1", "true", "yes", "on" -> new Target.Existing("");
            default -> new Target.Existing(value);
        };
    }

    /** The image of a container may activate an environment that has the packages of its tasks already. */
    private static Target activated(Settings settings, Map<String, String> environment) {
        String folder = environment.getOrDefault("VIRTUAL_ENV", "");
        boolean wanted = settings.get(TaskSettings.USE_ACTIVATED_VENV)
                && settings.get(PackageSettings.SYSTEM_SITE_PACKAGES)
                && !environment.getOrDefault("CLEARML_DOCKER_IMAGE", "").isEmpty()
                && !folder.isEmpty();
        Path python = Path.of(folder, "bin", "python");
        return wanted && Files.isExecutable(python) ? new Target.Existing(python.toString()) : new Target.New();
    }
}
