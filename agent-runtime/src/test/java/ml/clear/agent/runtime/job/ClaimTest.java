// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.TaskService.Start;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final TaskId ID = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Worker SELF = new Worker("host:7", "host");

    private final FakeTaskService tasks = new FakeTaskService();

    @Test
    void aQueuedTaskIsStartedWithOneCallAndTellsItsHost() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.QUEUED));

        claim("other:0").take(ID, new ClaimTerms(true, false), this::announce);

        assertThat(tasks.calls)
                .containsExactly(
                        "announced",
                        "started: worker started execution",
                        "dequeue",
                        "runtime: {_exec_agent_hostname=host}");
    }

    @Test
    void aTaskThatAnotherWorkerReportsIsRefusedUnlessItIsForced() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));

        assertThatThrownBy(() -> claim("other:0").take(ID, ClaimTerms.NONE, this::announce))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("is run by worker 'other:0'")
                .hasMessageContaining("--force");
        assertThat(tasks.calls).isEmpty();

        claim("other:0").take(ID, new ClaimTerms(false, true), this::announce);
        assertThat(tasks.calls).contains("started: worker started execution");
    }

    @Test
    void aTaskThatNoOtherWorkerReportsIsTaken() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));

        claim().take(ID, ClaimTerms.NONE, this::announce);
        claim("host:7").take(ID, ClaimTerms.NONE, this::announce);

        assertThat(tasks.calls).filteredOn(call -> call.startsWith("started")).hasSize(2);
    }

    @Test
    void ofTwoClaimsOfAQueuedTaskTheOneThatTheServerAnswersSecondStops() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.QUEUED));
        tasks.answerStartedWith(Start.UNCHANGED);

        assertThatThrownBy(() -> claim().take(ID, ClaimTerms.NONE, this::announce))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("was claimed by another process at the same moment");
        assertThat(tasks.calls).doesNotContain("dequeue");
    }

    @Test
    void aRunningTaskThatAnotherWorkerReportsBetweenTheTwoLooksIsLeftToIt() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.IN_PROGRESS));
        List<String> reporting = new ArrayList<>();
        Claim claim = new Claim(tasks, new FakeWorkers(reporting), SELF, "mine");

        assertThatThrownBy(() -> claim.take(ID, ClaimTerms.NONE, () -> reporting.add("other:0")))
                .hasMessageContaining("is run by worker 'other:0'");
        assertThat(tasks.calls).isEmpty();
    }

    @Test
    void aClaimWhoseAnswerWasLostHoldsUntilAnotherOneIsWritten() {
        tasks.answerWith(FakeTaskService.task(ID, TaskStatus.QUEUED));
        tasks.answerStartedWith(Start.UNKNOWN);
        Claim claim = claim();
        claim.take(ID, ClaimTerms.NONE, this::announce);
        assertThat(tasks.calls.getLast()).contains("_exec_agent_claim=mine");

        tasks.answerRuntimeWith(() -> Map.of("_exec_agent_claim", "mine"));
        assertThat(claim.isConfirmed(ID)).isTrue();
        tasks.answerRuntimeWith(() -> Map.of("_exec_agent_claim", "another's"));
        assertThat(claim.isConfirmed(ID)).isFalse();
        tasks.answerRuntimeWith(() -> {
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "away");
        });
        assertThat(claim.isConfirmed(ID)).isTrue();
    }

    private void announce() {
        tasks.calls.add("announced");
    }

    private Claim claim(String... running) {
        return new Claim(tasks, new FakeWorkers(List.of(running)), SELF, "mine");
    }
}
