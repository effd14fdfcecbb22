// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class StartScriptTest {

    private static final String OPENCV = "libsm6 libxext6 libxrender-dev libglib2.0-0";

    @Test
    void theScriptBecomesTheExecuteProcess() {
        assertThat(script(TestSettings.defaults()).lines().toList().getLast())
                .isEqualTo("exec /opt/agent execute --id 'a b'");
    }

    @Test
    void librariesOfOpencvComeWithOtherPackagesUnlessTurnedOff() {
        assertThat(script(TestSettings.defaults())).contains(OPENCV);
        assertThat(script(TestSettings.defaults().with(DockerSettings.OPENCV, false)))
                .doesNotContain(OPENCV);
    }

    @Test
    void anInitScriptReplacesTheSearchForPackages() {
        assertThat(script(TestSettings.defaults()
                        .with(DockerSettings.INIT_SCRIPT, List.of("a {{b}} {python_single_digit}"))))
                .contains("a {b} python3\n")
                .doesNotContain("apt-get");
    }

    @Test
    void valuesOfVariablesAreNeverReadAsShell() {
        assertThat(StartScript.variables(
                        Map.of("A", "it's $HOME"), Map.of("B", Secret.of("`x`"), "not-a-name", Secret.of("y"))))
                .isEqualTo("export A='it'\\''s $HOME'\nexport B='`x`'\n");
    }

    private static String script(TestSettings settings) {
        ExecutionRequest request = ExecutionRequest.builder(
                        new AttemptId("a1"), new TaskId("0123456789abcdef0123456789abcdef"), Path.of("/executions/x"))
                .command(List.of("/opt/agent", "execute", "--id", "a b"))
                .build();
        return new StartScript(settings, "", request).text();
    }
}
