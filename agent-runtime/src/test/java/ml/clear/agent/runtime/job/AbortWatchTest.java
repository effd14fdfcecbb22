// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AbortWatchTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Duration PERIOD = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeTaskService tasks = new FakeTaskService();
    private final FakeEvents events = new FakeEvents();
    private final ReportGate gate = ReportGate.open(events, tasks, TASK);
    private final Abort abort = new Abort(Duration.ofMinutes(1));

    @ParameterizedTest
    @CsvSource({
        "IN_PROGRESS, stopping, STOP_REQUESTED",
        "STOPPED, '', STATUS_CHANGED",
        "QUEUED, '', REQUEUED",
        "FAILED, '', STATUS_CHANGED",
        "CREATED, reset, RESET",
    })
    void whatTheServerSaysBecomesAReason(TaskStatus status, String message, AbortReason reason) throws Exception {
        tasks.answerPollsWith(() -> Optional.of(new TaskState(status, message)));

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, true)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }

        assertThat(abort.reason()).contains(reason);
    }

    @Test
    void aDeletedTaskIsAborted() throws Exception {
        tasks.answerPollsWith(Optional::empty);

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, true)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }

        assertThat(abort.reason()).contains(AbortReason.DELETED);
    }

    @Test
    void aServerThatIsAwayAbortsNothingAndIsAskedAgain() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        tasks.answerPollsWith(() -> {
            if (polls.incrementAndGet() < 4) {
                throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "away");
            }
            return Optional.of(new TaskState(TaskStatus.IN_PROGRESS, "stopping"));
        });

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, true)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }

        assertThat(polls.get()).isEqualTo(4);
    }

    @Test
    void oneLookBetweenTwoChangesIsNotTakenForAReset() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        tasks.answerPollsWith(() -> Optional.of(
                polls.incrementAndGet() == 1
                        ? new TaskState(TaskStatus.CREATED, "")
                        : new TaskState(TaskStatus.IN_PROGRESS, polls.get() > 5 ? "stopping" : "")));

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, true)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }

        assertThat(abort.reason()).contains(AbortReason.STOP_REQUESTED);
    }

    @Test
    void afterAResetNothingMoreIsReported() throws Exception {
        tasks.answerPollsWith(() -> Optional.of(new TaskState(TaskStatus.CREATED, "reset")));

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, true)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }
        gate.addLog(List.of(events.line(TASK, "too late")));

        assertThat(events.messages).isEmpty();
    }

    @Test
    void oneOfSeveralProcessesOfATaskWaitsForItsStart() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        tasks.answerPollsWith(() -> Optional.of(
                polls.incrementAndGet() < 5
                        ? new TaskState(TaskStatus.QUEUED, "")
                        : new TaskState(TaskStatus.IN_PROGRESS, polls.get() > 8 ? "stopping" : "")));

        try (AbortWatch watch = AbortWatch.start(tasks, TASK, abort, gate, PERIOD, false)) {
            assertThat(abort.await(PATIENCE)).isTrue();
        }

        assertThat(abort.reason()).contains(AbortReason.STOP_REQUESTED);
    }
}
