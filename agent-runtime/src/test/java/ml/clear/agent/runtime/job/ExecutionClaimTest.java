// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskService.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an execute process finds that prepares a task again after the one before has died. */
class ExecutionClaimTest {

    private static final TaskId ID = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Worker SELF = new Worker("host:7", "host");

    private final FakeTaskService tasks = new FakeTaskService();

    @Test
    void aTaskThatIsStillItsOwnIsClaimedAgain() throws Exception {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));
        tasks.answerStartedWith(Start.UNCHANGED);
        tasks.answerRuntimeWith(() -> Map.of("_exec_agent_claim", "mine"));

        claim(0, "host:7").takeAgain();

        assertThat(tasks.calls).contains("announced", "started: worker started execution");
    }

    @Test
    void aTaskThatWasResetAndRunsOnAnotherMachineIsLeftToIt() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));

        assertAbandoned(AbortReason.CLAIMED_ELSEWHERE, "other:0");
    }

    @Test
    void aTaskThatAnotherProcessHasClaimedSinceIsLeftToIt() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));
        tasks.answerRuntimeWith(() -> Map.of("_exec_agent_claim", "another's"));

        assertAbandoned(AbortReason.CLAIMED_ELSEWHERE);
    }

    @ParameterizedTest
    @CsvSource({
        "CREATED, RESET",
        "STOPPED, STATUS_CHANGED",
        "FAILED, STATUS_CHANGED",
        "COMPLETED, STATUS_CHANGED",
        "PUBLISHED, STATUS_CHANGED"
    })
    void aTaskThatHasEndedOrWasResetIsAbandoned(TaskStatus status, AbortReason reason) {
        tasks.answerWith(FakeTaskService.task(ID, status));

        assertAbandoned(reason);
    }

    @Test
    void aTaskThatWaitsAgainIsClaimedUnlessAnotherProcessIsFaster() throws Exception {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.QUEUED));
        claim(0).takeAgain();
        assertThat(tasks.calls).contains("started: worker started execution", "dequeue");
        tasks.calls.clear();

        tasks.answerStartedWith(Start.UNCHANGED);

        assertThatThrownBy(() -> claim(0).takeAgain())
                .isInstanceOfSatisfying(
                        TaskAbandoned.class, e -> assertThat(e.reason()).isEqualTo(AbortReason.CLAIMED_ELSEWHERE));
        assertThat(tasks.calls).doesNotContain("dequeue");
    }

    @Test
    void aServerThatIsAwayIsNoReasonToAbandonATask() {
        tasks.failGetsWith(ErrorCode.SERVER_UNAVAILABLE);

        assertThatThrownBy(() -> claim(0).takeAgain())
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE));

        tasks.failGetsWith(ErrorCode.NOT_FOUND);
        assertAbandoned(AbortReason.DELETED);
    }

    @Test
    void aLaterRankRunsWhatTheFirstHasClaimed() throws Exception {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));

        claim(1, "other:0").takeAgain();
        claim(1, "other:0").confirm();

        assertThat(tasks.calls).isEmpty();
    }

    private void assertAbandoned(AbortReason reason, String... running) {
        assertThatThrownBy(() -> claim(0, running).takeAgain())
                .isInstanceOfSatisfying(
                        TaskAbandoned.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(tasks.calls).isEmpty();
    }

    private ExecutionClaim claim(int rank, String... running) {
        Claim claim = new Claim(tasks, new FakeWorkers(List.of(running)), SELF, "mine");
        return new ExecutionClaim(tasks, ID, claim, rank > 0, () -> tasks.calls.add("announced"));
    }
}
