// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The status of a task that is over reaches the server, once. */
@Timeout(20)
class FinalStatusTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Ending.Status FAILED = new Ending.Status(Ending.Status.Kind.FAILED, "exit code 3");

    private final FakeTaskService tasks = new FakeTaskService();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final FinalStatus status = new FinalStatus(
            tasks, new Worker("worker", "host"), leaving::get, Duration.ofMillis(1), Duration.ofMillis(4));

    @Test
    void waitsForAServerThatIsAwayHoweverOften() throws Exception {
        Deque<ErrorCode> failures = new ArrayDeque<>(Collections.nCopies(50, ErrorCode.SERVER_UNAVAILABLE));
        tasks.failChangesWith(failures::poll);

        status.write(TASK, FAILED, false);

        assertThat(failures).isEmpty();
        assertThat(tasks.calls).containsExactly("failed: exit code 3");
    }

    @Test
    void looksBeforeItAsksAgainWhenAnAnswerWasLost() throws Exception {
        Deque<ErrorCode> failures = new ArrayDeque<>(List.of(ErrorCode.SERVER_PROTOCOL));
        tasks.failChangesWith(failures::poll);
        tasks.answerPollsWith(() -> Optional.of(new TaskState(TaskStatus.FAILED, "")));

        status.write(TASK, FAILED, false);

        assertThat(tasks.calls).isEmpty();
    }

    @Test
    void asksAgainWhenTheLostRequestHadNotArrived() throws Exception {
        Deque<ErrorCode> failures = new ArrayDeque<>(List.of(ErrorCode.SERVER_PROTOCOL));
        tasks.failChangesWith(failures::poll);

        status.write(TASK, FAILED, false);

        assertThat(tasks.calls).containsExactly("failed: exit code 3");
    }

    @Test
    void doesNotRepeatWhatAPredecessorHasWritten() throws Exception {
        tasks.answerPollsWith(() -> Optional.of(new TaskState(TaskStatus.FAILED, "")));

        status.write(TASK, FAILED, true);

        assertThat(tasks.calls).isEmpty();
    }

    @Test
    void keepsAStatusThatAnotherClientHasSet() throws Exception {
        Deque<ErrorCode> failures = new ArrayDeque<>(List.of(ErrorCode.CONFLICT));
        tasks.failChangesWith(failures::poll);

        status.write(TASK, FAILED, false);

        assertThat(tasks.calls).isEmpty();
    }

    @Test
    void aLeavingAgentDoesNotRetry() {
        leaving.set(true);
        tasks.failChangesWith(() -> ErrorCode.SERVER_UNAVAILABLE);

        assertThatThrownBy(() -> status.write(TASK, FAILED, false)).isInstanceOf(AgentException.class);
    }
}
