// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.distribution.ServerGate.Moment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How tasks and daemons are stopped: soon, wholly, and as the settings say. */
@Tag("thorough")
@Timeout(300)
class StopPromisesIT {

    private static final String COUNTS = "for i in $(seq 1 600); do echo \"line $i\"; sleep 0.1; done\n";

    private static final String WITH_CHECKPOINT = "trap 'echo checkpoint; exit 7' TERM\n" + COUNTS;

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;

    private String queue = "";

    @BeforeAll
    static void startServer() {
        fixture = DaemonFixture.in(folder);
    }

    @AfterAll
    static void stopServer() {
        fixture.close();
    }

    @BeforeEach
    void nameQueue(TestInfo test) {
        queue = test.getDisplayName().replaceAll("\\W", "");
    }

    @AfterEach
    void stopDaemons() throws Exception {
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
                fixture.through(gate).with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "3600"),
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
        fixture.daemon(fixture.home().with("CLEARML_AGENT__AGENT__ABORT_GRACE_PERIOD_SEC", "1"), queue);
        String task = fixture.enqueue(queue, "has grandchildren", script);
        fixture.awaitLine(task, "line 3");
        List<ProcessHandle> grandchildren = Stream.of("plain", "empty", "deep")
                .map(name -> process(pids.resolve(name)))
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

        Shell.Finished stopped = fixture.home().run("daemon", "--stop");
        assertThat(stopped.status()).as(stopped.out()).isZero();
        assertThat(stopped.out()).contains("task '" + task + "' keeps running").contains("ends after these");
        assertThat(daemon.process().isAlive()).isTrue();

        Shell.Finished again = fixture.home().run("daemon", "--stop", "--abort");

        assertThat(again.out()).contains("stopped daemon").contains("task '" + task + "' is being stopped");
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
        assertThat(daemon.finish().status()).isEqualTo(143);
    }

    @Test
    void ctrlCAsksOnceAndLeavesTheSecondTime() throws Exception {
        // The process that started this test may ignore the signal, and then so would its descendants.
        Shell.Started daemon = fixture.started(
                fixture.home().shell(),
                Stream.concat(
                                Stream.of("env", "--default-signal=INT"),
                                fixture.daemonCommand(fixture.home(), queue).stream())
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
        assertThat(fixture.home().run("daemon", "--stop", "box:0", "--abort").status())
                .isZero();
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
    }

    @Test
    void ctrlCEndsAnIdleDaemonAtOnce() throws Exception {
        Shell.Started daemon = fixture.started(
                fixture.home().shell(),
                Stream.concat(
                                Stream.of("env", "--default-signal=INT"),
                                fixture.daemonCommand(fixture.home(), queue).stream())
                        .toList());
        daemon.await(out -> out.contains("takes tasks from these queues"));

        interrupt(daemon);

        assertThat(daemon.finish().status()).isEqualTo(130);
    }

    @Test
    void asProcessOneOfAContainerItSaysThatTasksCannotOutliveItAndAbortsThemWithTheirGrace() throws Exception {
        List<String> container =
                List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user");
        Shell.Finished possible = fixture.home()
                .shell()
                .start(Stream.concat(container.stream(), Stream.of("true")).toList())
                .finish();
        if (!Boolean.getBoolean("require.real")) {
            assumeTrue(possible.status() == 0, "this machine permits no process namespaces: " + possible.err());
        }
        AgentHome inside = fixture.through(fixture.gate()); // the server's process cannot be seen from inside
        Shell.Started outside = fixture.started(
                inside.shell(),
                Stream.concat(container.stream(), fixture.daemonCommand(inside, queue).stream())
                        .toList());
        outside.await(out -> out.contains("tasks cannot outlive this daemon: it is process 1 of its container"));
        String task = fixture.enqueue(queue, "ends with its container", WITH_CHECKPOINT);
        fixture.awaitLine(task, "line 2");

        outside.process().children().forEach(ProcessHandle::destroy);
        outside.process().waitFor(60, TimeUnit.SECONDS);

        assertThat(outside.outSoFar()).contains("aborting these with their grace period: '" + task + "'");
        assertThat(fixture.status(task)).isEqualTo("stopped");
        assertThat(fixture.server().console(task)).contains("checkpoint");
    }

    private static AgentHome stopping(String mode) {
        return fixture.home().with("CLEARML_AGENT__AGENT__STOP_MODE", mode);
    }

    private static void interrupt(Shell.Started daemon) {
        Shell.Finished sent = Shell.in(folder)
                .run("kill", "-INT", Long.toString(daemon.process().pid()));
        assertThat(sent.status()).as(sent.err()).isZero();
    }

    private static ProcessHandle process(Path pidFile) {
        try {
            eventually(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError("no process in " + pidFile, e);
        }
    }
}
