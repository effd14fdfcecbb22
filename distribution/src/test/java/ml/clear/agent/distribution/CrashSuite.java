// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.distribution.ServerGate.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A task goes on, or fails with the reason, when a process of the agent is killed or replaced at any instant, whichever executor runs
 * it; each subclass chooses one.
 */
@Tag("thorough")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrashSuite {

    GatedDaemonFixture fixture;

    private DaemonFixture daemonFixture;

    /** Where tasks run. */
    abstract TaskPlace place(DaemonFixture opened, Path folder) throws Exception;

    /** The execute processes that can be killed while their tasks go on. */
    abstract List<ProcessHandle> expendable(List<String> tasks) throws Exception;

    @BeforeAll
    final void open(@TempDir Path folder) throws Exception {
        daemonFixture = DaemonFixture.in(folder);
        fixture = new GatedDaemonFixture(folder, daemonFixture, place(daemonFixture, folder));
    }

    @AfterAll
    final void close() {
        daemonFixture.close();
    }

    @AfterEach
    final void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void killOfTheDaemonLeavesTheTaskGoingAndANewDaemonReattaches() throws Exception {
        RandomInstants instants = new RandomInstants();
        List<Shell.Started> daemons = new ArrayList<>(List.of(fixture.daemon("daemons")));
        CountingTask task = fixture.countingTask("daemons");
        task.awaitBegin();

        instants.each(_ -> {
            GatedDaemonFixture.kill(daemons.getLast().process().toHandle());
            daemons.add(fixture.daemon("daemons"));
        });
        instants.afterwards(_ -> {
            loseAnswers();
            GatedDaemonFixture.kill(daemons.getLast().process().toHandle());
            Shell.Started last = fixture.daemon("daemons");
            fixture.gate().mend();
            last.await(out -> out.contains("resumes task '" + task.id() + "'"));
            task.end();
            task.assertUndisturbed();
            task.assertChangedOnce(fixture.gate());
        });
    }

    @Test
    void killOfTheKeeperFailsTheTaskWithThatReasonWithinFiveSecondsAndNothingOfItLives() throws Exception {
        Path pids = fixture.newFolder();
        fixture.daemon("keepers");
        String task = BashTask.enqueue(fixture.server(), "keepers", "loses its keeper", """
                cd '%s'
                remember() { echo $BASHPID > "$1.new"; mv "$1.new" "$1"; shift; exec "$@"; }
                export -f remember
                ( setsid bash -c 'remember left-its-session sleep 1000' & )
                ( env -i /usr/bin/setsid /bin/bash -c 'echo $$ > forgot.new; mv forgot.new forgot-everything; exec /bin/sleep 1000' & )
                bash -c 'remember child sleep 1000' &
                echo "line 1"
                remember main sleep 1000
                """.formatted(pids));
        Eventually.holds("four processes run", () -> pids(pids).size() == 4);
        List<Long> processes =
                pids(pids).stream().map(pid -> fixture.process(task, pid).pid()).toList();
        // The keeper's children are recorded once a second; without the keeper there is no other record of them.
        Eventually.holds(
                "the line is there", () -> fixture.server().console(task).contains("line 1"));
        Thread.sleep(1500);

        long killed = System.nanoTime();
        GatedDaemonFixture.kill(fixture.keeperOf(task));
        JsonNode ended = BashTask.awaitEnd(fixture.server(), task);

        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(60));
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString())
                .isEqualTo("worker execution lost: the keeper of the task was killed");
        assertThat(processes).noneMatch(GatedDaemonFixture::lives);
        assertThat(fixture.server().console(task))
                .contains("line 1", "Process failed, lost: the keeper of the task was killed");
    }

    @Test
    void twoDaemonsOfOneStateFolderNeverTakeTheSameExecution() throws Exception {
        Path ran = fixture.newFolder();
        AgentHome named = fixture.worker().with("CLEARML_WORKER_ID", "only-one");
        List<Shell.Started> daemons = new ArrayList<>(List.of(fixture.daemon("two"), fixture.daemon("two")));
        List<String> tasks = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
            tasks.add(BashTask.enqueue(
                    fixture.server(),
                    "two",
                    "shared out",
                    "echo ran >> '%s/%d'; while [ ! -e '%s/end' ]; do sleep 0.05; done; echo \"line 1\"; exit 3"
                            .formatted(ran, number, ran)));
        }
        Eventually.holds("each has taken one", () -> inProgress(tasks).size() == 2);
        List<String> underWay = inProgress(tasks);
        assertThat(underWay.stream()
                        .map(task ->
                                fixture.server().task(task).get("last_worker").asString()))
                .containsExactlyInAnyOrder("box:0", "box:1");
        // An execution whose script has not started claims its task again.
        Eventually.holds("both scripts run", () -> ran.toFile().list().length == 2);
        // Both daemons find both executions that were left.
        List<ProcessHandle> executes = expendable(underWay);
        for (Shell.Started daemon : daemons) {
            GatedDaemonFixture.kill(daemon.process().toHandle());
        }
        for (ProcessHandle execute : executes) {
            GatedDaemonFixture.kill(execute);
        }
        List<Shell.Started> next = List.of(fixture.daemon("two"), fixture.daemon("two"));
        for (String task : underWay) {
            Eventually.holds(
                    "one daemon resumes " + task,
                    () -> next.stream()
                                    .filter(daemon -> daemon.outSoFar().contains("resumes task '" + task + "'"))
                                    .count()
                            == 1);
        }
        Files.createFile(ran.resolve("end"));

        for (String task : tasks) {
            JsonNode ended = BashTask.awaitEnd(fixture.server(), task);
            assertThat(ended.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
            assertThat(fixture.server().console(task).stream().filter("line 1"::equals))
                    .hasSize(1);
            assertThat(fixture.gate().changes(task)).containsExactly("tasks.started", "tasks.dequeue", "tasks.failed");
        }
        for (int number = 0; number < tasks.size(); number++) {
            assertThat(ran.resolve(Integer.toString(number))).hasContent("ran\n");
        }
        for (String task : underWay) {
            assertThat(next.stream().filter(daemon -> daemon.outSoFar().contains("resumes task '" + task + "'")))
                    .hasSize(1);
        }

        Shell.Started one = fixture.daemon(named, "two");
        one.await(out -> out.contains("'only-one' takes tasks"));
        Shell.Finished other = fixture.daemon(named, "two").finish();
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.err()).contains("[only-one] is already running");
    }

    /** The next batch is stored, and its answer is lost. */
    final void loseAnswers() throws Exception {
        int before = fixture.gate().faults();
        fixture.gate().failWith("events.add_batch", Fault.ANSWER_LOST);
        Eventually.holds("an answer is lost", () -> fixture.gate().faults() > before);
    }

    private List<String> inProgress(List<String> tasks) {
        return tasks.stream()
                .filter(task ->
                        fixture.server().task(task).get("status").asString().equals("in_progress"))
                .toList();
    }

    private static List<Long> pids(Path folder) throws IOException {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> !path.toString().endsWith(".new")).toList()) {
                pids.add(Long.parseLong(Files.readString(file).strip()));
            }
        }
        return pids;
    }
}
