// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks the table of the phases: the records of each one, what is done with it, and what the documentation says. */
class ExecutionPhaseTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Path DOCUMENT = Path.of("..", "docs", "architecture.md");

    @TempDir
    private Path executions;

    @ParameterizedTest
    @EnumSource
    void eachPhaseIsEnteredByItsRecordAndLeftByTheNext(ExecutionPhase phase) throws Exception {
        Path folder = executions.resolve(TASK.value());
        assertThat(ExecutionPhase.of(folder)).isEqualTo(ExecutionPhase.NONE);
        for (ExecutionPhase next : ExecutionPhase.values()) {
            if (next.compareTo(phase) <= 0) {
                enter(next, folder);
                assertThat(ExecutionPhase.of(folder)).isEqualTo(next);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARING", "STARTED", "ENDED"})
    void aSupervisorDoesWhatTheTableSays(ExecutionPhase phase) throws Exception {
        for (ExecutionPhase next : ExecutionPhase.values()) {
            if (next.compareTo(phase) <= 0) {
                enter(next, executions.resolve(TASK.value()));
            }
        }

        try (ExecutionFolder owned = ExecutionFolder.open(executions.resolve(TASK.value()))) {
            assertThat(RunningProcess.attach(owned).isPresent())
                    .isEqualTo(phase.resumption() == ExecutionPhase.Resumption.FOLLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPhaseInWhichNothingCanBeResumedIsNotBegun(ExecutionPhase phase) throws Exception {
        for (ExecutionPhase next : ExecutionPhase.values()) {
            if (next.compareTo(phase) <= 0) {
                enter(next, executions.resolve(TASK.value()));
            }
        }

        assertThat(ExecutionFolder.list(executions)).hasSize(phase.isBegun() ? 1 : 0);
        assertThat(phase.mostDeaths() > 0).isEqualTo(phase.isBegun());
    }

    @Test
    void theDocumentHasTheSameTable() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        for (ExecutionPhase phase : ExecutionPhase.values()) {
            assertThat(lines)
                    .as(phase.name())
                    .anyMatch(line -> line.startsWith("| `" + phase + "` |")
                            && line.contains("| " + words(phase.writer()) + " |")
                            && line.contains("| " + words(phase.resumption()) + " |")
                            && line.endsWith("| " + phase.mostDeaths() + " |"));
        }
    }

    @Test
    void theRecordOfALaunchThatAnEarlierVersionWroteIsRead() throws IOException {
        Path folder = Files.createDirectories(executions.resolve(TASK.value()));
        ProcessIdentity daemon = ProcessIdentity.current();
        Files.writeString(
                folder.resolve("launched.properties"),
                "daemon=" + daemon + "\ngpus=0\nhandle=h\nqueue=q\nseat=host\\:0\ntake=1-2-3\ntask=" + TASK
                        + "\nworker=host\\:gpu0\n");

        assertThat(LaunchRecord.list(executions))
                .containsExactly(new LaunchRecord(
                        TASK, "q", new Assignment("host:0", "host:gpu0", "0"), daemon, "1-2-3", "venv", "", "h"));
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void enter(ExecutionPhase phase, Path folder) throws IOException {
        ProcessIdentity dead = new ProcessIdentity(ProcessIdentity.current().bootId(), 1, 1);
        Map<String, String> identity = identity(dead);
        switch (phase) {
            case NONE -> {}
            case TAKEN ->
                LaunchRecord.of(TASK, "q", Assignment.of("host:0"), dead, "", "venv")
                        .write(executions);
            case PREPARING -> ExecutionFolder.create(executions, TASK).close();
            case STARTED -> {
                StateFile.write(folder.resolve(ExecutionFiles.KEEPER), identity);
                StateFile.write(folder.resolve(ExecutionFiles.PROCESS), identity);
            }
            case ENDED -> StateFile.write(folder.resolve(ExecutionFiles.EXIT), identity);
            case CONCLUDED -> StateFile.write(folder.resolve(ExecutionFiles.ENDING), Map.of());
        }
    }

    private static Map<String, String> identity(ProcessIdentity process) {
        return Map.of(
                "boot", process.bootId(),
                "pid", Long.toString(process.pid()),
                "ticks", Long.toString(process.startTicks()));
    }
}
