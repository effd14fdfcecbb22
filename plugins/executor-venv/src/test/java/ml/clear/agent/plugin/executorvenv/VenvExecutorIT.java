// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.testkit.ExecutorContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes. */
class VenvExecutorIT extends ExecutorContract {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Override
    protected Executor executor() {
        return new VenvExecutor(SessionLeader.find(System.getenv()));
    }

    @Test
    void itRunsInASessionOfItsOwn() throws Exception {
        Execution execution = executor().start(request("session", "sh", "-c", "cut -d' ' -f1,6 /proc/$$/stat; exit 0"));

        assertThat(execution.await(PATIENCE)).isEqualTo(new ExecutionState.Ended(0));
        String[] pidAndSession =
                Files.readString(folder.resolve("execute.log")).strip().split(" ");
        assertThat(pidAndSession[0]).isEqualTo(pidAndSession[1]);
    }

    @Test
    void aProcessThatWasStartedAndNotWrittenDownIsFoundByItsVariable() throws Exception {
        ExecutionRequest request = request("unwritten", "sleep", "60");
        Execution started = executor().start(request);
        Files.writeString(folder.resolve(ExecutionRequest.OWN_FILE), "attempt=" + request.attempt() + "\n");

        Execution again = executor().start(request);

        assertThat(again.handle()).isEqualTo(started.handle());
        again.kill();
        assertThat(started.await(PATIENCE)).isEqualTo(new ExecutionState.Ended(137));
    }

    private ExecutionRequest request(String name, String... command) {
        AttemptId attempt =
                new AttemptId("venv-" + name + "-" + ProcessHandle.current().pid());
        return ExecutionRequest.builder(attempt, TASK, folder)
                .command(List.of(command))
                .build();
    }
}
