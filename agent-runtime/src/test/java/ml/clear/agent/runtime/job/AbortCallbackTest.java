// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AbortCallbackTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    private final FakeTaskService tasks = new FakeTaskService();
    private final List<String> console = new ArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void aTaskThatAnnouncesNothingIsNotWaitedFor() throws Exception {
        await(AbortReason.STOP_REQUESTED, false);

        assertThat(console).isEmpty();
        assertThat(looks).hasValue(0);
    }

    @Test
    void aTaskIsWaitedForUntilItsCallbackIsDone() throws Exception {
        tasks.answerRuntimeWith(() -> looks.get() < 3
                ? Map.of("_abort_callback_timeout", "20", "_abort_poll_freq", "2")
                : Map.of("_abort_callback_timeout", "20", "_abort_callback_completed", "1"));

        await(AbortReason.STATUS_CHANGED, false);

        assertThat(looks).hasValue(3);
        assertThat(console)
                .containsExactly(
                        "### the task has 22 s for its abort callback ###", "### the abort callback is done ###");
    }

    @Test
    void theEndOfTheProcessEndsTheWait() throws Exception {
        tasks.answerRuntimeWith(() -> Map.of("_abort_callback_timeout", "20"));

        await(AbortReason.STOP_REQUESTED, true);

        assertThat(looks).hasValue(1);
    }

    @Test
    void noTaskGetsMoreThanTheLongestTimeAndAServerThatIsAwayIsAskedAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        tasks.answerRuntimeWith(() -> {
            if (calls.incrementAndGet() == 2) {
                throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "away");
            }
            return Map.of("_abort_callback_timeout", "3600");
        });

        new AbortCallback(tasks, TASK, Duration.ofMillis(50), console::add).await(AbortReason.STOP_REQUESTED, limit -> {
            looks.incrementAndGet();
            return false;
        });

        assertThat(calls).hasValueGreaterThan(2);
        assertThat(console).last().isEqualTo("### the abort callback takes too long ###");
    }

    @Test
    void aSignalOrADeletedTaskDoesNotWait() throws Exception {
        tasks.answerRuntimeWith(() -> Map.of("_abort_callback_timeout", "20"));

        await(AbortReason.SIGNAL, false);
        await(AbortReason.DELETED, false);

        assertThat(looks).hasValue(0);
    }

    private void await(AbortReason reason, boolean ends) throws InterruptedException {
        new AbortCallback(tasks, TASK, Duration.ofMinutes(30), console::add).await(reason, limit -> {
            looks.incrementAndGet();
            return ends;
        });
    }
}
