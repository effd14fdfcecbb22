// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.runtime.config.TaskSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTargetTest {

    @TempDir
    private Path activated;

    private Path python = Path.of("");

    @BeforeEach
    void makeInterpreter() throws IOException {
        python = Files.createDirectories(activated.resolve("bin")).resolve("python");
        Files.writeString(python, "");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theEnvironmentThatAnImageActivatesIsUsedInItsContainers() {
        assertThat(target(Map.of(PackageSettings.SYSTEM_SITE_PACKAGES, true), container()))
                .isEqualTo(new Target.Existing(python.toString()));
    }

    @Test
    void anActivatedEnvironmentIsNotUsedElsewhereOrWhereThatIsTurnedOff() {
        assertThat(target(
                        Map.of(PackageSettings.SYSTEM_SITE_PACKAGES, true),
                        Map.of("VIRTUAL_ENV", activated.toString())))
                .isEqualTo(new Target.New());
        assertThat(target(Map.of(), container())).isEqualTo(new Target.New());
        assertThat(target(
                        Map.of(PackageSettings.SYSTEM_SITE_PACKAGES, true, TaskSettings.USE_ACTIVATED_VENV, false),
                        container()))
                .isEqualTo(new Target.New());
        assertThat(target(
                        Map.of(PackageSettings.SYSTEM_SITE_PACKAGES, true),
                        Map.of("CLEARML_DOCKER_IMAGE", "own", "VIRTUAL_ENV", "/no/such/environment")))
                .isEqualTo(new Target.New());
    }

    @Test
    void whatTheConfigurationNamesIsStronger() {
        assertThat(target(
                        Map.of(PackageSettings.SYSTEM_SITE_PACKAGES, true, PythonSettings.SKIP_VENV, "/own/python"),
                        container()))
                .isEqualTo(new Target.Existing("/own/python"));
        assertThat(target(Map.of(PythonSettings.SKIP_VENV, "true"), Map.of())).isEqualTo(new Target.Existing(""));
        assertThat(target(Map.of(PythonSettings.SKIP_VENV, "no"), container())).isEqualTo(new Target.New());
    }

    private Map<String, String> container() {
        return Map.of("CLEARML_DOCKER_IMAGE", "own", "VIRTUAL_ENV", activated.toString());
    }

    private static Target target(Map<Setting<?>, Object> values, Map<String, String> environment) {
        Settings settings = new Settings() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T get(Setting<T> setting) {
                return (T) values.getOrDefault(setting, setting.defaultValue());
            }

            @Override
            public boolean isSet(Setting<?> setting) {
                return values.containsKey(setting);
            }
        };
        return EnvironmentTarget.of(settings, environment);
    }
}
