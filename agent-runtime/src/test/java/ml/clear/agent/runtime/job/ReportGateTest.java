// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReportGateTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    private final FakeTaskService tasks = new FakeTaskService();
    private final FakeEvents events = new FakeEvents();

    @Test
    void whatIsHeldArrivesWhenTheTaskIsInProgressAfterAll() throws Exception {
        ReportGate gate = ReportGate.open(events, tasks, TASK);
        send(gate, "before");
        gate.hold();
        Thread sender = Thread.ofVirtual().start(() -> send(gate, "held"));
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(events.messages).containsExactly("before");

        gate.pass();
        sender.join();

        assertThat(events.messages).containsExactly("before", "held");
    }

    @Test
    void whatComesAfterItIsClosedIsDroppedForGood() {
        ReportGate gate = ReportGate.open(events, tasks, TASK);
        gate.close();
        gate.pass();

        send(gate, "too late");

        assertThat(events.messages).isEmpty();
        assertThat(gate.hasLog(TASK, 1)).as("nothing is looked up again").isTrue();
    }

    @Test
    void beforeTheFirstEventOfAResumedExecutionItIsLookedUpWhoseTheTaskIs() {
        AtomicInteger looks = new AtomicInteger();
        tasks.answerPollsWith(() -> {
            looks.incrementAndGet();
            return Optional.of(new TaskState(TaskStatus.IN_PROGRESS, ""));
        });
        ReportGate gate = ReportGate.unknown(events, tasks, TASK);

        send(gate, "one");
        send(gate, "two");

        assertThat(events.messages).containsExactly("one", "two");
        assertThat(looks).hasValue(1);
    }

    @Test
    void aTaskThatWasResetMeanwhileGetsNothingOfAResumedExecution() {
        tasks.answerPollsWith(() -> Optional.of(new TaskState(TaskStatus.QUEUED, "")));
        ReportGate gate = ReportGate.unknown(events, tasks, TASK);

        send(gate, "of the run before");

        assertThat(events.messages).isEmpty();
    }

    @Test
    void aServerThatIsAwayDecidesNothing() {
        tasks.answerPollsWith(() -> {
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "away");
        });
        ReportGate gate = ReportGate.unknown(events, tasks, TASK);

        assertThatThrownBy(() -> send(gate, "once more")).isInstanceOf(AgentException.class);

        tasks.answerPollsWith(() -> Optional.of(new TaskState(TaskStatus.IN_PROGRESS, "")));
        send(gate, "once more");
        assertThat(events.messages).containsExactly("once more");
    }

    private void send(ReportGate gate, String message) {
        gate.addLog(List.of(events.line(TASK, message)));
    }
}
