// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    private final FakeTaskService tasks = new FakeTaskService();

    @Test
    void aTaskIsReportedAliveInItsPeriodUntilTheEnd() throws Exception {
        try (Heartbeat beat = Heartbeat.start(tasks, TASK, Duration.ofMillis(5))) {
            assertThat(beat).isNotNull();
            while (tasks.calls.size() < 3) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        assertThat(tasks.calls).containsOnly("ping");
    }

    @Test
    void aPeriodOfZeroReportsNothing() {
        try (Heartbeat beat = Heartbeat.start(tasks, TASK, Duration.ZERO)) {
            assertThat(beat).isNotNull();
        }
        assertThat(tasks.calls).isEmpty();
    }
}
