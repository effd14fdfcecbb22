// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.ProcessTree;
import ml.clear.agent.runtime.process.StateFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbandonedExecutionTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    @TempDir
    private Path executions;

    private Path folder = Path.of("");

    @BeforeEach
    void begin() {
        try (ExecutionFolder begun = ExecutionFolder.create(executions, TASK)) {
            folder = begun.path();
        }
    }

    @Test
    void nothingIsWrongWithAnExecutionThatWasBegun() {
        AbandonedExecution execution = new AbandonedExecution(folder, true);

        assertThat(execution.damage()).isEmpty();
        assertThat(execution.phase()).isEqualTo(ExecutionPhase.PREPARING);
        assertThat(execution.lives()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "execution.properties, ''",
        "execution.properties, format=1",
        "keeper.properties, pid=12",
        "process.properties, pid=none",
        "process.properties, ''",
        "exit.properties, ''",
        "complete.properties, unmarked=many"
    })
    void everyRecordThatASupervisorNeedsIsLookedAt(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);

        assertThat(new AbandonedExecution(folder, true).damage().orElseThrow()).contains(file);
    }

    @Test
    void theFormatOfAnotherVersionIsNoDamage() throws IOException {
        Files.writeString(folder.resolve("execution.properties"), "format=2\n");

        assertThat(new AbandonedExecution(folder, true).damage()).isEmpty();
    }

    @Test
    void aSpoolThatIsMissingIsDamage() throws IOException {
        Files.delete(folder.resolve("spool"));

        assertThat(new AbandonedExecution(folder, true).damage()).contains("its spool is missing");
    }

    @Test
    void theFolderIsMovedOutOfTheExecutionsBeforeItIsDeleted() throws IOException {
        Files.writeString(folder.resolve("execution.properties"), "");

        Path aside = new AbandonedExecution(folder, true).setAside();

        assertThat(folder).doesNotExist();
        assertThat(aside.resolve("execution.properties")).exists();
        assertThat(ExecutionFolder.list(executions)).isEmpty();
    }

    @Test
    void aProcessWithTheMarkOfTheTaskIsKilledWithoutARecordOfIt() throws Exception {
        Process ours = sleeping(TASK.value() + "-12-34-56");
        Process another = sleeping("f" + TASK.value().substring(1) + "-12-34-56");
        try {
            assertThat(new AbandonedExecution(folder, true).kill()).isEmpty();

            assertThat(ours.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(another.isAlive()).isTrue();
        } finally {
            ours.destroyForcibly();
            another.destroyForcibly();
        }
    }

    @Test
    void theNumbersOfAnotherProcessSpaceMeanNothing() throws Exception {
        Process other = sleeping(folder.getFileName() + "-marker");
        try {
            ProcessIdentity identity = ProcessIdentity.of(other.pid()).orElseThrow();
            StateFile.write(
                    folder.resolve("process.properties"),
                    Map.of(
                            "pid", Long.toString(identity.pid()),
                            "boot", identity.bootId(),
                            "ticks", Long.toString(identity.startTicks())));
            AbandonedExecution elsewhere = new AbandonedExecution(folder, false);

            assertThat(elsewhere.lives()).isFalse();
            assertThat(elsewhere.kill()).isEmpty();

            assertThat(other.isAlive()).isTrue();
            assertThat(new AbandonedExecution(folder, true).lives()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void anIdentityOfAnotherProcessIsNotKilled() throws Exception {
        Process other = sleeping("of-no-task");
        try {
            StateFile.write(
                    folder.resolve("process.properties"),
                    Map.of(
                            "pid", Long.toString(other.pid()),
                            "boot", ProcessIdentity.current().bootId(),
                            "ticks", "1"));
            AbandonedExecution execution = new AbandonedExecution(folder, true);

            assertThat(execution.lives()).isFalse();
            assertThat(execution.kill()).isEmpty();

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    private static Process sleeping(String marker) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put(ProcessTree.VARIABLE, marker);
        return builder.start();
    }
}
