// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two million lines with -Dsoak, otherwise a tenth of that: all arrive, in order, with the memory of a few lines. */
@Tag("thorough")
@Timeout(600)
class VolumeIT {

    private static final int LINES = Boolean.getBoolean("soak") ? 2_000_000 : 200_000;
    private static final long MOST_MEBIBYTES = 150;

    @TempDir
    private Path folder;

    @Test
    void manyLinesAllArriveInOrderWithoutMoreMemory() throws Exception {
        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())
                .with("CLEARML_WORKER_NAME", "box")
                .with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "0.2")) {
            Shell.Finished started = home.run("server", "start", "--detach");
            assertThat(started.status()).as(started.err()).isZero();
            ServerClient server = home.server();
            Shell.Started daemon = home.start("daemon", "--foreground", "--create-queue", "--queue", "many");
            daemon.await(out -> out.contains("takes tasks"));
            String task = BashTask.enqueue(
                    server,
                    "many",
                    "prints a lot",
                    "exec python3 -c 'for i in range(" + LINES + "): print(\"line\", i)'");

            Map<String, Long> peaks = new LinkedHashMap<>();
            long begin = System.nanoTime();
            Path execution = home.clearml().resolve("agent/executions").resolve(task);
            while (List.of("queued", "in_progress")
                    .contains(server.task(task).get("status").asString())) {
                measure(peaks, "daemon", daemon.process().pid());
                measure(peaks, "embedded server", server.pid());
                measure(peaks, "execute", pid(execution.resolve("launched.properties"), "handle=[^:]*:(\\d+):.*"));
                measure(peaks, "keeper", pid(execution.resolve("keeper.properties"), "pid=(\\d+)"));
                TimeUnit.MILLISECONDS.sleep(50);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            System.out.printf("%,d lines: %.1f s; MiB: %s%n", LINES, took.toMillis() / 1000.0, peaks);

            assertThat(server.task(task).get("status").asString()).isEqualTo("completed");
            AtomicLong next = new AtomicLong();
            new TaskConsole(server, task).forEachLine(line -> {
                if (line.startsWith("line ")) {
                    String expected = "line " + next.getAndIncrement();
                    if (!line.equals(expected)) { // millions of lines: words only for the wrong one
                        assertThat(line).isEqualTo(expected);
                    }
                }
            });
            assertThat(next.get()).isEqualTo(LINES);
            assertThat(peaks.keySet()).contains("daemon", "embedded server", "execute", "keeper");
            assertThat(peaks).allSatisfy((who, peak) -> assertThat(peak).as(who).isLessThanOrEqualTo(MOST_MEBIBYTES));
            daemon.process().destroy();
            daemon.finish();
        }
    }

    private static void measure(Map<String, Long> peaks, String who, long pid) {
        if (pid > 0) {
            GatedDaemonFixture.peakOf(pid).ifPresent(peak -> peaks.merge(who, peak, Math::max));
        }
    }

    private static long pid(Path record, String pattern) {
        try {
            return Files.readAllLines(record).stream()
                    .filter(line -> line.matches(pattern))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst(pattern, "$1")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // not there yet, or no more
        }
    }
}
