// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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

    @TempDir
    private Path temporary;

    private final Set<ProcessIdentity> dead = new HashSet<>();
    private final Set<Long> deadPids = new HashSet<>();

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
                .join(
                        slot -> new LocalWorker(
                                USUAL.id(slot), slot, process(1), NOW, List.of("a b", "c"), "/log of ü", StopMode.WAIT),
                        Set.of());

        assertThat(workers().alive()).containsExactly(self);
    }

    @Test
    void aPythonAgentsNumberIsTakenWhileItLivesAndOursIsSeenByIt() throws IOException {
        Files.writeString(temporary.resolve(".clearmlagent_77_x1y2.tmp"), "host:0\n0\n");
        Files.writeString(temporary.resolve(".clearmlagent_78_x1y2.tmp"), "host:1\n1\n");
        deadPids.add(78L);

        LocalWorker self = join(USUAL, 1);

        assertThat(self.id()).isEqualTo("host:1");
        List<Path> ours = slotFiles(1);
        assertThat(ours).hasSize(1);
        assertThat(Files.readString(ours.getFirst())).isEqualTo("host:1\n1");
        workers().leave(self);
        assertThat(slotFiles(1)).isEmpty();
    }

    @Test
    void threeDaemonsOfSeparateHomesHaveThreeIds() {
        List<String> ids = new ArrayList<>();
        for (int home = 1; home <= 3; home++) {
            int pid = home;
            ids.add(workers(state.resolve("home" + home))
                    .join(slot -> worker(USUAL, slot, pid), Set.of())
                    .id());
        }

        assertThat(ids).containsExactly("host:0", "host:1", "host:2");
    }

    @Test
    void theSameIdOfAnotherHomeIsRefused() throws IOException {
        Files.writeString(temporary.resolve(".clearmlagent_77_x.tmp"), "mine\n0\n");

        assertThatThrownBy(() -> join(new WorkerNaming("mine", "host", "", false), 1))
                .hasMessageContaining("Instance with the same WORKER_ID [mine]")
                .hasMessageContaining("'77'");
    }

    @Test
    void anIdThatLivesElsewhereAccordingToTheServerIsNotTaken() {
        assertThat(workers()
                        .join(slot -> worker(USUAL, slot, 1), Set.of("host:0", "host:2"))
                        .id())
                .isEqualTo("host:1");
    }

    @Test
    void anIdThatTheServerKnowsOfThisHomesLastDaemonIsTakenAgain() {
        workers().leave(join(USUAL, 1));
        assertThat(workers()
                        .join(slot -> worker(USUAL, slot, 2), Set.of("host:0"))
                        .id())
                .isEqualTo("host:0");
        dead.add(process(2));
        assertThat(workers()
                        .join(slot -> worker(USUAL, slot, 3), Set.of("host:0"))
                        .id())
                .isEqualTo("host:0");
    }

    @Test
    void aLockOfAnAgentThatDiedIsRemoved() throws IOException {
        Path lock = Files.createFile(temporary.resolve("_.clearmlagent_global.lock"));
        Files.setLastModifiedTime(lock, FileTime.fromMillis(0));

        assertThat(join(USUAL, 1).id()).isEqualTo("host:0");
        assertThat(lock).doesNotExist();
    }

    private List<Path> slotFiles(int pid) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".clearmlagent_" + pid + "_"))
                    .toList();
        }
    }

    private LocalWorker join(WorkerNaming naming, int pid) {
        return workers().join(slot -> worker(naming, slot, pid), Set.of());
    }

    private static LocalWorker worker(WorkerNaming naming, int slot, int pid) {
        return new LocalWorker(naming.id(slot), slot, process(pid), NOW, List.of("q"), "", StopMode.LEAVE);
    }

    private LocalWorkers workers() {
        return workers(state.resolve("workers"));
    }

    private LocalWorkers workers(Path folder) {
        return new LocalWorkers(
                folder,
                SlotFiles.in(temporary, pid -> !deadPids.contains(pid) && !dead.contains(process((int) pid))),
                process -> !dead.contains(process));
    }

    private static ProcessIdentity process(int pid) {
        return new ProcessIdentity("boot", pid, 7);
    }
}
