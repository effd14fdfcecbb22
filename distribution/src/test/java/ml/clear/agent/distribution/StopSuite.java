// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import ml.clear.agent.distribution.ServerGate.Moment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How tasks and daemons are stopped: soon, wholly, and as the settings say, whichever executor runs the tasks; each subclass chooses
 * one.
 */
@Tag("thorough")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StopSuite {

    private static final String COUNTS = "for i in $(seq 1 600); do echo \"line $i\"; sleep 0.1; done\n";

    static final String WITH_CHECKPOINT = "trap 'echo checkpoint; exit 7' TERM\n" + COUNTS;

    DaemonFixture fixture;

    /** The home as daemons use it. */
    AgentHome home;

    String queue = "";

    private Path folder = Path.of("");
    private TaskPlace place = TaskPlace.THIS_MACHINE;

    /** Where tasks run. */
    abstract TaskPlace place(DaemonFixture opened, Path temporary) throws Exception;

    @BeforeAll
    final void open(@TempDir Path temporary) throws Exception {
        folder = temporary;
        fixture = DaemonFixture.in(folder);
        place = place(fixture, folder);
        home = place.using(fixture.home());
    }

    @AfterAll
    final void close() {
        fixture.close();
    }

    @BeforeEach
    final void nameQueue(TestInfo test) {
        queue = test.getDisplayName().replaceAll("\\W", "");
    }

    @AfterEach
    final void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void anAbortReachesTheTaskWithinTwoSecondsThoughUploadsHangAndWhateverThePollingInterval() throws Exception {
        ServerGate gate = fixture.gate();
        CountDownLatch open = new CountDownLatch(1);
        Path told = folder.resolve("told");
        String task = fixture.enqueue(
                queue,
                "is aborted",
                "trap 'touch " + told + "; exit 7' TERM\n" + "touch " + told + ".ready\n" + COUNTS);
        fixture.daemon(
                place.using(fixture.through(gate)).with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "3600"),
                queue,
                "--polling-interval",
                "3600");
        eventually(() -> Files.exists(folder.resolve("told.ready")));
        gate.always("events.add_batch", Moment.REQUEST, open::await);
        int before = gate.calls("events.add_batch").size();
        eventually(() -> gate.calls("events.add_batch").size() > before); // one hangs now

        fixture.server().call("tasks.stop", Map.of("task", task));
        long asked = System.nanoTime();
        eventually(() -> Files.exists(told));
        Duration took = Duration.ofNanos(System.nanoTime() - asked);

        System.out.println("from the stop on the server to TERM in the task: " + took.toMillis() + " ms");
        assertThat(took).as("far less than the interval of polling").isLessThan(Duration.ofSeconds(60));
        gate.calm();
        open.countDown();
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
    }

    @Test
    void whatATaskHasDoubleForkedIntoASessionOfItsOwnDiesWithAnAbort() throws Exception {
        Path pids = Files.createDirectory(folder.resolve("pids"));
        // Each becomes an orphan in a session of its own, the second one with nothing in its environment.
        String script = """
                (setsid bash -c 'echo $$ > PIDS/plain; trap "" TERM; while :; do sleep 0.1; done' >/dev/null 2>&1 &)
                (env -i setsid /bin/bash -c 'echo $$ > PIDS/empty; trap "" TERM; while :; do /bin/sleep 0.1; done' >/dev/null 2>&1 &)
                (setsid bash -c '(setsid env -i /bin/sleep 1000 & echo $! > PIDS/deep) &' >/dev/null 2>&1 &)
                """.replace("PIDS", pids.toString()) + COUNTS;
        fixture.daemon(home.with("CLEARML_AGENT__AGENT__ABORT_GRACE_PERIOD_SEC", "1"), queue);
        String task = fixture.enqueue(queue, "has grandchildren", script);
        fixture.awaitLine(task, "line 3");
        List<ProcessHandle> grandchildren = Stream.of("plain", "empty", "deep")
                .map(name -> process(task, pids.resolve(name)))
                .toList();
        assertThat(grandchildren).allMatch(ProcessHandle::isAlive);

        fixture.server().call("tasks.stop", Map.of("task", task));
        fixture.awaitEnd(task);

        assertThat(grandchildren).noneMatch(ProcessHandle::isAlive);
        assertThat(fixture.status(task)).isEqualTo("stopped");
    }

    @Test
    void aDaemonThatWaitsSaysSoWhenItIsStoppedFromTheCommandLineAndLeavesWhenItIsStoppedAgain() throws Exception {
        Shell.Started daemon = fixture.daemon(stopping("wait"), queue);
        String task = fixture.enqueue(queue, "is waited for", COUNTS);
        fixture.awaitLine(task, "line 1");

        Shell.Finished stopped = home.run("daemon", "--stop");
        assertThat(stopped.status()).as(stopped.out()).isZero();
        assertThat(stopped.out()).contains("task '" + task + "' keeps running").contains("ends after these");
        assertThat(daemon.process().isAlive()).isTrue();

        Shell.Finished again = home.run("daemon", "--stop", "--abort");

        assertThat(again.out()).contains("stopped daemon").contains("task '" + task + "' is being stopped");
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
        assertThat(daemon.finish().status()).isEqualTo(143);
    }

    @Test
    void ctrlCAsksOnceAndLeavesTheSecondTime() throws Exception {
        // The process that started this test may ignore the signal, and then so would its descendants.
        Shell.Started daemon = fixture.started(
                home.shell(),
                Stream.concat(Stream.of("env", "--default-signal=INT"), fixture.daemonCommand(home, queue).stream())
                        .toList());
        String task = fixture.enqueue(queue, "goes on", COUNTS);
        fixture.awaitLine(task, "line 1");

        interrupt(daemon);
        daemon.await(out -> out.contains("waiting for these to end: '" + task + "'"));
        assertThat(daemon.outSoFar()).contains("press Ctrl-C again to leave");
        interrupt(daemon);
        Shell.Finished ended = daemon.finish();

        assertThat(ended.status()).isEqualTo(130);
        assertThat(ended.out()).contains("task '" + task + "' keeps running");
        assertThat(fixture.status(task)).isEqualTo("in_progress");
        assertThat(home.run("daemon", "--stop", "box:0", "--abort").status()).isZero();
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
    }

    private AgentHome stopping(String mode) {
        return home.with("CLEARML_AGENT__AGENT__STOP_MODE", mode);
    }

    final void interrupt(Shell.Started daemon) {
        Shell.Finished sent = Shell.in(folder)
                .run("kill", "-INT", Long.toString(daemon.process().pid()));
        assertThat(sent.status()).as(sent.err()).isZero();
    }

    private ProcessHandle process(String task, Path pidFile) {
        try {
            eventually(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
            return place.process(task, Long.parseLong(Files.readString(pidFile).strip()))
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError("no process in " + pidFile, e);
        }
    }
}
