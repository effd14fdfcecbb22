// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalWorkersTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final WorkerNaming USUAL = new WorkerNaming("", "host", "", false);

    @TempDir
    private Path state;

    private final Set<ProcessIdentity> dead = new HashSet<>();

    @Test
    void eachGetsTheSmallestFreeNumber() {
        assertThat(join(USUAL, 1).id()).isEqualTo("host:0");
        LocalWorker second = join(USUAL, 2);
        assertThat(second.id()).isEqualTo("host:1");
        assertThat(join(USUAL, 3).id()).isEqualTo("host:2");

        workers().leave(second);

        assertThat(join(USUAL, 4).id()).isEqualTo("host:1");
    }

    @Test
    void aDaemonOfSomeGpusTakesANumberToo() {
        assertThat(join(new WorkerNaming("", "host", "0,1", false), 1).id()).isEqualTo("host:gpu0,1");
        assertThat(join(USUAL, 2).id()).isEqualTo("host:1");
    }

    @Test
    void theSameIdIsNotGivenTwiceWhileItsProcessLives() {
        WorkerNaming naming = new WorkerNaming("mine", "host", "", false);
        join(naming, 1);

        assertThatThrownBy(() -> join(naming, 2))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED))
                .hasMessageContaining("Instance with the same WORKER_ID [mine] is already running");

        dead.add(process(1));
        assertThat(join(naming, 2).slot()).isZero();
    }

    @Test
    void oneThatDiedIsNoLongerThereAndAnotherProcessOfItsNumberIsNotTakenForIt() {
        join(USUAL, 1);
        dead.add(process(1));

        assertThat(workers().alive()).isEmpty();
        LocalWorker next = join(USUAL, 2);
        workers().leave(new LocalWorker("host:0", 0, process(1), NOW, List.of(), "", StopMode.LEAVE));

        assertThat(workers().alive()).containsExactly(next);
    }

    @Test
    void whatIsKnownOfOneIsWhatItSaid() {
        LocalWorker self = workers()
                .join(slot -> new LocalWorker(
                        USUAL.id(slot), slot, process(1), NOW, List.of("a b", "c"), "/log of ü", StopMode.WAIT));

        assertThat(workers().alive()).containsExactly(self);
    }

    private LocalWorker join(WorkerNaming naming, int pid) {
        return workers()
                .join(slot ->
                        new LocalWorker(naming.id(slot), slot, process(pid), NOW, List.of("q"), "", StopMode.LEAVE));
    }

    private LocalWorkers workers() {
        return new LocalWorkers(state.resolve("workers"), process -> !dead.contains(process));
    }

    private static ProcessIdentity process(int pid) {
        return new ProcessIdentity("boot", pid, 7);
    }
}
