// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VenvExecutorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final VenvExecutor executor = new VenvExecutor(SessionLeader.find(System.getenv()));

    @TempDir
    private Path folder;

    @Test
    void outputGoesToTheFolderAndTheExitCodeIsTold() throws Exception {
        Execution execution =
                executor.start(request(Map.of("GREETING", "hello"), "sh", "-c", "echo $GREETING; exit 3"));

        assertThat(execution.await(PATIENCE)).isEqualTo(new ExecutionState.Ended(3));
        assertThat(folder.resolve("execute.log")).hasContent("hello");
    }

    @Test
    void itRunsInASessionOfItsOwn() throws Exception {
        Execution execution = executor.start(request(Map.of(), "sh", "-c", "cut -d' ' -f1,6 /proc/$$/stat"));

        assertThat(execution.await(PATIENCE)).isEqualTo(new ExecutionState.Ended(0));
        String[] pidAndSession =
                Files.readString(folder.resolve("execute.log")).strip().split(" ");
        assertThat(pidAndSession[0]).isEqualTo(pidAndSession[1]);
    }

    @Test
    void anotherAgentFindsItByItsHandleAndStopsIt() throws Exception {
        Execution started = executor.start(request(Map.of(), "sleep", "60"));
        Execution found = new VenvExecutor(SessionLeader.find(System.getenv()))
                .attach(started.handle())
                .orElseThrow();
        assertThat(found.state()).isInstanceOf(ExecutionState.Running.class);

        found.stop();

        assertThat(found.await(PATIENCE)).isInstanceOf(ExecutionState.Lost.class);
        assertThat(started.await(PATIENCE)).isEqualTo(new ExecutionState.Ended(143));
        assertThat(executor.attach(started.handle())).isEmpty();
    }

    @Test
    void aCommandThatDoesNotExistIsNamed() {
        assertThatThrownBy(
                        () -> new VenvExecutor(new SessionLeader(List.of())).start(request(Map.of(), "/no/such/agent")))
                .isInstanceOfSatisfying(
                        AgentException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.LAUNCH_FAILED))
                .hasMessageContaining("'/no/such/agent'");
    }

    private ExecutionRequest request(Map<String, String> environment, String... command) {
        TaskId task = new TaskId("0123456789abcdef0123456789abcdef");
        return new ExecutionRequest(task, List.of(command), environment, Set.of(), folder, Container.NONE, Output.FILE);
    }
}
