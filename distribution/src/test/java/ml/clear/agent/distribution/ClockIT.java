// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import ml.clear.agent.distribution.ServerGate.Moment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Nothing that the agent and its server do depends on the time of day, which may be set, or on the number of a process. */
@Tag("thorough")
@Timeout(300)
class ClockIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String QUEUE = "timely";

    /** Counts until its end file exists. */
    private static final String COUNTS = """
            i=0
            while [ ! -e ENOUGH ]; do i=$((i + 1)); echo "line $i"; sleep 0.1; done
            echo "all $i"
            """;

    @TempDir
    private Path folder;

    @Test
    void clocksThatJumpByAnHourBothWaysDisturbNoTokenNoWorkerNoPauseNoReportAndNoOrder() throws Exception {
        ShiftedClock ofServer = ShiftedClock.in(folder, "server");
        ShiftedClock ofDaemon = ShiftedClock.in(folder, "daemon");
        ShiftedClock ofExecute = ShiftedClock.in(folder, "execute");
        try (DaemonFixture fixture = DaemonFixture.in(folder, installation(ofExecute), ofServer::of)) {
            jump(fixture, ofServer, ofDaemon, ofExecute);
        }
    }

    private void jump(DaemonFixture fixture, ShiftedClock ofServer, ShiftedClock ofDaemon, ShiftedClock ofExecute)
            throws Exception {
        ServerGate gate = fixture.gate();
        AgentHome home = ofDaemon.of(fixture.through(gate))
                .with("CLEARML_AGENT__API__AUTH__REQUEST_TOKEN_EXPIRATION_SEC", "1800")
                .with("CLEARML_AGENT_STATUS_REPORT_FREQ_SEC", "0.5");
        fixture.daemon(home, QUEUE);
        Path enough = folder.resolve("enough");
        String task = fixture.enqueue(QUEUE, "counts", COUNTS.replace("ENOUGH", enough.toString()));
        fixture.awaitLine(task, "line 5");

        List<List<ShiftedClock>> turns = List.of(
                List.of(ofDaemon), List.of(ofExecute), List.of(ofServer), List.of(ofDaemon, ofExecute, ofServer));
        for (List<ShiftedClock> turn : turns) {
            for (Duration by : List.of(HOUR, Duration.ZERO, HOUR.negated(), Duration.ZERO)) {
                boolean server = turn.contains(ofServer);
                if (server) {
                    fixture.server().call("workers.register", Map.of("worker", "short-lived", "timeout", 2));
                }
                int lines = lines(fixture, task).size();
                int reports = gate.calls("workers.status_report").size();
                turn.forEach(clock -> clock.shift(by));

                if (server) {
                    assertThat(workers(fixture)).as("just after the jump").contains("short-lived");
                }
                TimeUnit.MILLISECONDS.sleep(1500); // three periods of reports, of which one or two may be late
                assertThat(gate.calls("workers.status_report").size() - reports)
                        .as("reports in three periods")
                        .isBetween(1, 6);
                assertThat(workers(fixture)).contains("box:0");
                eventually(() -> lines(fixture, task).size() > lines);
                long jumped = System.nanoTime();
                eventually(() -> !workers(fixture).contains("short-lived"));
                assertThat(Duration.ofNanos(System.nanoTime() - jumped)).isLessThan(Duration.ofSeconds(4));
            }
        }

        pausesAfterFailuresHold(fixture, gate, ofDaemon);
        Files.createFile(enough);
        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        inOrderAndOnce(fixture, task);
        ofDaemon.shift(HOUR);
        String next = fixture.enqueue(QUEUE, "is taken at once", "echo done\n");
        long enqueued = System.nanoTime();
        eventually(() -> !fixture.status(next).equals("queued"));
        assertThat(Duration.ofNanos(System.nanoTime() - enqueued)).isLessThan(Duration.ofSeconds(15));
        assertThat(fixture.awaitEnd(next).get("status").asString()).isEqualTo("completed");
    }

    /** The daemon goes on asking while and after the server fails, whatever its clock shows meanwhile. */
    private static void pausesAfterFailuresHold(DaemonFixture fixture, ServerGate gate, ShiftedClock clock)
            throws Exception {
        AtomicBoolean failing = new AtomicBoolean(true);
        gate.always("workers.status_report", Moment.REQUEST, () -> {
            if (failing.get()) {
                throw new IOException("away");
            }
        });
        for (Duration by : List.of(HOUR, HOUR.negated(), Duration.ZERO)) {
            int before = gate.calls("workers.status_report").size();
            clock.shift(by);
            eventually(() -> gate.calls("workers.status_report").size() > before);
            TimeUnit.MILLISECONDS.sleep(500);
            assertThat(gate.calls("workers.status_report").size() - before).isLessThan(8);
        }
        failing.set(false);
        eventually(() -> workers(fixture).contains("box:0"));
    }

    private static void inOrderAndOnce(DaemonFixture fixture, String task) {
        List<String> lines = lines(fixture, task);
        assertThat(lines)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, lines.size())
                        .mapToObj(number -> "line " + number)
                        .toList());
        assertThat(fixture.server().console(task)).contains("all " + lines.size());
        long last = 0;
        for (JsonNode event : fixture.server()
                .call("events.get_task_log", Map.of("task", task, "order", "asc", "batch_size", 500))
                .get("events")) {
            assertThat(event.get("timestamp").asLong()).isGreaterThan(last);
            last = event.get("timestamp").asLong();
        }
    }

    @Test
    void aProcessThatHasGotARecordedNumberIsNeverSignalled() throws Exception {
        try (DaemonFixture fixture = DaemonFixture.in(folder)) {
            signalNoStranger(fixture);
        }
    }

    private void signalNoStranger(DaemonFixture fixture) throws Exception {
        Path agent = fixture.home().clearml().resolve("agent");
        Path signalled = folder.resolve("signalled");
        Path ready = folder.resolve("ready");
        Process stranger = new ProcessBuilder(
                        "/bin/bash",
                        "-c",
                        "trap 'echo TERM >> " + signalled + "' TERM INT HUP; touch " + ready
                                + "; while :; do sleep 0.05; done")
                .start();
        try {
            eventually(() -> Files.exists(ready));
            String task = fixture.create("was lost", "echo never\n");
            fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", QUEUE));
            fixture.server().call("tasks.started", Map.of("task", task, "force", true));
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            String number = boot + ":" + stranger.pid() + ":1";
            write(
                    agent.resolve("workers/0.properties"),
                    "worker=box:0\nslot=0\nprocess=" + number + "\nstarted=1\nqueues=\nlog=\n");
            Path execution = agent.resolve("executions").resolve(task);
            write(
                    execution.resolve("launched.properties"),
                    "task=" + task + "\nqueue=\nworker=box:0\ndaemon=" + number + "\nhandle=" + number + "\n");
            String identity = "format=1\npid=" + stranger.pid() + "\nboot=" + boot + "\nticks=1\n";
            write(execution.resolve("keeper.properties"), identity);
            write(execution.resolve("process.properties"), identity);
            write(
                    execution.resolve("execution.properties"),
                    "format=1\ntask=" + task + "\nmarker=" + task + "-1-1-1\nboot=" + boot + "\ncreated=1\n");
            Files.createDirectory(execution.resolve("spool"));

            assertThat(fixture.home().run("daemon", "--status").out()).contains("no daemon runs");
            assertThat(fixture.home().run("daemon", "--stop", "box:0").status()).isEqualTo(1);
            assertThat(fixture.home()
                            .run("daemon", "--stop", "box:0", "--abort")
                            .out())
                    .contains("has no execute process");
            Shell.Started daemon = fixture.daemon(fixture.home(), QUEUE);
            daemon.await(out -> out.contains("resumes task '" + task + "'"));
            assertThat(fixture.awaitEnd(task).get("status_reason").asString()).contains("keeper");
            fixture.stopDaemons();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(signalled).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static List<String> lines(DaemonFixture fixture, String task) {
        return fixture.server().console(task).stream()
                .filter(line -> line.startsWith("line "))
                .toList();
    }

    private static List<String> workers(DaemonFixture fixture) {
        List<String> ids = new ArrayList<>();
        fixture.server()
                .call("workers.get_all", Map.of("last_seen", 600))
                .get("workers")
                .forEach(worker -> ids.add(worker.get("id").asString()));
        return ids;
    }

    /** A copy whose execute processes go by a clock of their own. */
    private Installation installation(ShiftedClock ofExecute) throws IOException {
        Installation copy = Installation.shared().copiedTo(folder.resolve("installation"));
        Path real = copy.launcher().resolveSibling("clearml-agent.real");
        Files.move(copy.launcher(), real);
        Files.writeString(copy.launcher(), """
                #!/bin/sh
                case " $* " in *" execute "*) export FAKETIME_TIMESTAMP_FILE='%s' ;; esac
                exec "${0%%/*}/clearml-agent.real" "$@"
                """.formatted(ofExecute.file()));
        Files.setPosixFilePermissions(copy.launcher(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return copy;
    }
}
