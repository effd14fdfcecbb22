// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.Keeper;
import ml.clear.agent.runtime.execution.LaunchSpec;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.execution.RunningProcess;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.ScalarEvent;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process that prints a great many lines. */
@Tag("thorough")
class ManyLinesIT {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final int LINES = 2_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void twoMillionLinesArriveOnceAndInOrder(@TempDir Path state) throws Exception {
        if (!Files.isExecutable(PYTHON)) {
            assertThat(Boolean.getBoolean("require.real"))
                    .as("'" + PYTHON + "' is missing")
                    .isFalse();
            Assumptions.abort("'" + PYTHON + "' is missing");
        }
        ExecutionFolder folder = ExecutionFolder.create(state, TASK);
        CountingEvents events = new CountingEvents();
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(
                                PYTHON,
                                List.of(PYTHON.toString(), "-c", "for i in range(" + LINES + "): print('line', i)"))
                        .environment(Map.of("PATH", "/usr/bin:/bin"))
                        .build());
        try (LogShipper shipper = new LogShipper(
                        new LogDestination(events, TASK, "worker"),
                        folder,
                        ConsoleForm.of(true, new Redactor()),
                        ShippingPace.of(Duration.ofMillis(200)),
                        InstantSource.system())
                .start()) {
            assertThat(running.await(LIMIT)).contains(new Outcome.Exited(0));
            assertThat(running.awaitOutput(LIMIT)).isTrue();
            assertThat(residentPeak(running.keeper())).isLessThan(15L << 10);
            assertThat(shipper.finish(LIMIT)).isTrue();
        }
        assertThat(events.next.get()).isEqualTo(LINES);
        folder.remove();
    }

    /** In KiB; 0 when the keeper has ended already. */
    private static long residentPeak(ProcessIdentity process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Checks the order as the lines come, and keeps none. */
    private static final class CountingEvents implements EventService {

        private final AtomicLong next = new AtomicLong();

        @Override
        public void addLog(List<LogEvent> events) {
            events.forEach(event -> event.message()
                    .lines()
                    .forEach(line -> assertThat(line).isEqualTo("line " + next.getAndIncrement())));
        }

        @Override
        public boolean hasLog(TaskId task, long timestamp) {
            return false;
        }

        @Override
        public void addScalars(List<ScalarEvent> points) {
            throw new AssertionError("a console has no scalars");
        }
    }
}
