// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.Keeper;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.execution.RunningProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process under a real keeper, whose records cannot be read for a while. */
@Timeout(120)
class TaskSupervisorIT {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @Test
    void aRecordThatCannotBeReadEndsNothingWhileTheProcessLives(@TempDir Path state) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(PYTHON) || Boolean.getBoolean("require.real"), "'" + PYTHON + "' is missing");
        Path end = state.resolve("end");
        try (ExecutionFolder folder = ExecutionFolder.create(state.resolve("executions"), TASK)) {
            LaunchSpec launch = LaunchSpec.of(
                            PYTHON,
                            List.of("/bin/sh", "-c", "while [ ! -e '" + end + "' ]; do sleep 0.05; done; exit 5"))
                    .environment(Map.of("PATH", "/usr/bin:/bin"))
                    .build();
            RunningProcess process = Keeper.start(folder, launch);
            Path record = Files.writeString(folder.path().resolve("exit.properties"), "code=unreadable\n");
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            Thread thread = Thread.ofPlatform().start(() -> follow(process, outcome));
            thread.join(Duration.ofMillis(500));
            assertThat(outcome).as("it is followed still").isNotDone();

            Files.delete(record);
            Files.createFile(end);

            assertThat(outcome.get(60, TimeUnit.SECONDS)).isEqualTo(new Outcome.Exited(5));
        }
    }

    private static void follow(RunningProcess process, CompletableFuture<Outcome> outcome) {
        try {
            outcome.complete(
                    new TaskSupervisor(Duration.ofSeconds(1), BeforeStop.NOTHING, TaskMonitor.Reports.NONE, line -> {})
                            .follow(process, new Abort(Duration.ofSeconds(1))));
        } catch (InterruptedException | RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }
}
