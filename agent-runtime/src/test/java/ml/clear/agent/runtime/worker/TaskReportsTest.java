// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.job.TaskMonitor.Reports;
import ml.clear.agent.runtime.server.MachineLoad;
import ml.clear.agent.runtime.server.ScalarEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskReportsTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final MachineLoad LOAD = new MachineLoad(12.5, 2048, 1024, 40, 1, 2, 3, Double.NaN);

    private final FakeServer server = new FakeServer();

    @Test
    void theWorkerTellsItsTaskAtOnceThenItsMachineAndGoesWithTheTask() throws Exception {
        Reports reports = reports(false, Duration.ofMillis(20)).claiming(TASK);
        eventually(() -> server.reports.size() >= 3);
        reports.close();

        assertThat(server.reports.getFirst().task()).isEqualTo(TASK.value());
        assertThat(server.reports.getFirst().machine()).isNull();
        assertThat(server.reports.get(1).machine()).isEqualTo(LOAD);
        assertThat(server.reports.get(1).tags()).containsExactly("fast");
        assertThat(server.calls).last().isEqualTo("unregister box:7 []");
    }

    @Test
    void whatADaemonReportsIsNotToldTwice() {
        reports(true, Duration.ofMillis(1)).claiming(TASK).close();

        assertThat(server.calls).isEmpty();
    }

    @Test
    void aServerThatIsAwayHoldsNothingUp() {
        server.away(true);

        reports(false, Duration.ofHours(1)).claiming(TASK).close();

        assertThat(server.calls).last().isEqualTo("unregister box:7 []");
    }

    @Test
    void theMachineIsDrawnAsThePythonSdkDrawsIt() throws Exception {
        Reports reports = reports(true, Duration.ofMillis(20)).running(TASK);
        eventually(() -> !server.scalars.isEmpty());
        reports.close();

        List<ScalarEvent> first = server.scalars.subList(0, 7);
        assertThat(first).extracting(ScalarEvent::title).containsOnly(":monitor:machine");
        assertThat(first)
                .extracting(ScalarEvent::series)
                .containsExactly(
                        "cpu_usage",
                        "memory_used_gb",
                        "memory_free_gb",
                        "disk_free_percent",
                        "network_rx_mbs",
                        "io_read_mbs",
                        "io_write_mbs");
        assertThat(first).extracting(ScalarEvent::value).containsExactly(12.5, 2.0, 1.0, 40.0, 3.0, 1.0, 2.0);
    }

    @Test
    void aSecondIsAnIteration() {
        List<ScalarEvent> points =
                new MachineScalars(TASK, "box:7").of(LOAD, Duration.ofMillis(61_900), Instant.ofEpochMilli(5));

        assertThat(points).extracting(ScalarEvent::iteration).containsOnly(61L);
        assertThat(points).extracting(ScalarEvent::timestamp).containsOnly(5L);
    }

    private TaskReports reports(boolean byDaemon, Duration period) {
        return new TaskReports(
                server,
                "box:7",
                List.of("fast"),
                _ -> byDaemon,
                period,
                () -> () -> LOAD,
                InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z")));
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) { // the time limit of the class ends it
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
