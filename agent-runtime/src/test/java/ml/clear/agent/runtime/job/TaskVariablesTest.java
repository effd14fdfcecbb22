// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import org.junit.jupiter.api.Test;

class TaskVariablesTest {

    private static final Path CONFIGURATION = Path.of("/run/clearml.conf");

    @Test
    void theSdkFindsItsTaskAndItsConfigurationUnderBothNames() {
        Map<String, String> variables = variables(Map.of(), false).of(task(), CONFIGURATION, Map.of());

        assertThat(variables)
                .containsEntry("CLEARML_TASK_ID", task().id().value())
                .containsEntry("TRAINS_TASK_ID", task().id().value())
                .containsEntry("CLEARML_CONFIG_FILE", "/run/clearml.conf")
                .containsEntry("CLEARML_LOG_TASK_TO_BACKEND", "0")
                .containsEntry("CLEARML_WORKER_ID", "host:7");
    }

    @Test
    void everyVariableOfTheAgentIsThereUnderItsOldNameUnlessThatIsSet() {
        Map<String, String> inherited = Map.of(
                "CLEARML_WEB_HOST",
                "web",
                "CLEARML_API_HOST",
                "api",
                "TRAINS_API_HOST",
                "old",
                "TRAINS_TASK_ID",
                "older");

        Map<String, String> variables = variables(inherited, false).of(task(), CONFIGURATION, Map.of());

        assertThat(variables)
                .containsEntry("TRAINS_WEB_HOST", "web")
                .containsEntry("TRAINS_API_HOST", "old")
                .containsEntry("TRAINS_TASK_ID", task().id().value());
    }

    @Test
    void variablesThatWereMeantForTheTasksOwnJavaComeBack() {
        Map<String, String> inherited =
                Map.of("CLEARML_AGENT_SAVED_JAVA_TOOL_OPTIONS", "-Xmx8g", "CLEARML_AGENT_JAVA_OPTIONS", "-Xmx64m");

        Map<String, String> variables = variables(inherited, false).of(task(), CONFIGURATION, Map.of());

        assertThat(variables)
                .containsEntry("JAVA_TOOL_OPTIONS", "-Xmx8g")
                .doesNotContainKeys("CLEARML_AGENT_SAVED_JAVA_TOOL_OPTIONS", "CLEARML_AGENT_JAVA_OPTIONS");
    }

    @Test
    void theTasksOwnSectionWinsWhenItIsEnabled() {
        Map<String, String> inherited = Map.of("MODE", "agent");

        assertThat(variables(inherited, true).of(task(), CONFIGURATION, Map.of()))
                .containsEntry("MODE", "task");
        assertThat(variables(inherited, false).of(task(), CONFIGURATION, Map.of()))
                .containsEntry("MODE", "agent");
    }

    @Test
    void theMachinesOwnVariablesWinOverWhatTheNetworkSuggests() {
        Map<String, String> inherited = Map.of("SSL_CERT_FILE", "/etc/mine.pem");

        assertThat(variables(inherited, false).of(task(), CONFIGURATION, Map.of()))
                .containsEntry("SSL_CERT_FILE", "/etc/mine.pem")
                .containsEntry("PIP_CERT", "/etc/site.pem");
    }

    private static TaskVariables variables(Map<String, String> inherited, boolean taskEnvironment) {
        return new TaskVariables(
                inherited,
                Map.of("SSL_CERT_FILE", "/etc/site.pem", "PIP_CERT", "/etc/site.pem"),
                new Worker("host:7", "host"),
                taskEnvironment);
    }

    private static Task task() {
        Script script = new Script("", "", "", "", "", ".", "a.py", "print(1)", Requirements.NONE);
        return new Task(
                new TaskId("0123456789abcdef0123456789abcdef"),
                "name",
                "",
                TaskStatus.IN_PROGRESS,
                "",
                script,
                Container.NONE,
                Map.of("Environment", Map.of("MODE", "task")),
                Map.of());
    }
}
