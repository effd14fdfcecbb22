// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionFolderTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    private final Path state;

    ExecutionFolderTest(@TempDir Path state) {
        this.state = state;
    }

    @Test
    void hasOneOwnerAtATime() {
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            assertThat(ExecutionFolder.supervised(folder.path())).isTrue();
            assertThatThrownBy(() -> ExecutionFolder.open(folder.path()))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED));
            assertThatThrownBy(() -> ExecutionFolder.create(state, TASK)).isInstanceOf(AgentException.class);
        }
        assertThat(ExecutionFolder.supervised(state.resolve(TASK.value()))).isFalse();
        try (ExecutionFolder folder = ExecutionFolder.open(state.resolve(TASK.value()))) {
            assertThat(folder.task()).isEqualTo(TASK);
        }
    }

    @Test
    void isTheOwnersAlone() throws IOException {
        try (ExecutionFolder folder = ExecutionFolder.create(state.resolve("a/b"), TASK)) {
            for (Path path : new Path[] {folder.path(), folder.spool()}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void beginsAnewWithoutWhatAnEarlierExecutionLeft() throws IOException {
        String marker;
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            marker = folder.marker();
            Files.writeString(folder.spool().resolve("00000000.log"), "old");
        }
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            assertThat(folder.spool()).isEmptyDirectory();
            assertThat(folder.marker()).isNotEqualTo(marker);
        }
    }

    @Test
    void isListedUntilItIsRemoved() {
        assertThat(ExecutionFolder.list(state.resolve("none"))).isEmpty();
        ExecutionFolder folder = ExecutionFolder.create(state, TASK);
        assertThat(ExecutionFolder.list(state)).containsExactly(folder.path());
        folder.remove();
        assertThat(ExecutionFolder.list(state)).isEmpty();
        assertThat(folder.path()).doesNotExist();
        assertThatThrownBy(() -> ExecutionFolder.open(folder.path())).hasMessageContaining("no execution");
    }

    @Test
    void theRestOfAnEndedExecutionIsRemovedAndNothingOfAnotherOne() throws IOException {
        Path rest = Files.createDirectories(state.resolve("rest"));
        Files.writeString(rest.resolve("executor.properties"), "attempt=a1\n");
        Path other = Files.createDirectories(state.resolve("other"));
        Files.writeString(other.resolve("launched.properties"), "");
        Files.writeString(other.resolve("executor.properties"), "");

        ExecutionFolder.removeRest(rest);
        ExecutionFolder.removeRest(rest);
        ExecutionFolder.removeRest(other);

        assertThat(rest).doesNotExist();
        assertThat(other.resolve("executor.properties")).exists();
    }

    @Test
    void formatOfAnotherVersionIsRefused() throws IOException {
        Path path;
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            path = folder.path();
        }
        Path facts = path.resolve("execution.properties");
        Files.writeString(facts, Files.readString(facts).replace("format=1", "format=2"));
        assertThatThrownBy(() -> ExecutionFolder.open(path)).hasMessageContaining("format '2'");
    }

    @Test
    void executionOfAnEarlierBootIsLost() throws Exception {
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            Path facts = folder.file("execution.properties");
            Files.writeString(facts, Files.readString(facts).replaceAll("boot=.*", "boot=earlier"));
            Files.writeString(folder.file("keeper.properties"), "boot=earlier\npid=1\nticks=1\n");
        }
        try (ExecutionFolder folder = ExecutionFolder.open(state.resolve(TASK.value()))) {
            assertThat(RunningProcess.attach(folder).orElseThrow().outcome())
                    .contains(new Outcome.Lost("machine restarted"));
        }
    }

    @Test
    void launchThatNoKeeperTookIsGivenUp() throws Exception {
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            Files.writeString(folder.file("launch"), "");
            assertThat(RunningProcess.attach(folder)).isEmpty();
            assertThat(folder.file("launch")).doesNotExist();
        }
    }

    @Test
    void aKeeperThatDiedBeforeItClaimedTheLaunchHasStartedNothing() throws Exception {
        try (ExecutionFolder folder = ExecutionFolder.create(state, TASK)) {
            String boot = ProcessIdentity.current().bootId();
            Files.writeString(folder.file("keeper.properties"), "format=2\nboot=" + boot + "\npid=1\nticks=1\n");

            assertThat(RunningProcess.attach(folder)).isEmpty();

            Files.writeString(
                    folder.file("keeper.properties"), "format=2\nclaimed=1\nboot=" + boot + "\npid=1\nticks=1\n");
            assertThat(RunningProcess.attach(folder).orElseThrow().outcome()).isPresent();
        }
    }

    @Test
    void eachOfSeveralProcessesOfATaskHasAFolderThatIsNotTheFirstOnes() {
        try (ExecutionFolder first = ExecutionFolder.create(state, TASK);
                ExecutionFolder second = ExecutionFolder.create(state, TASK, 1)) {
            assertThat(second.path()).isNotEqualTo(first.path());
            assertThat(second.marker()).doesNotStartWith(TASK.value() + "-");
        }
    }
}
