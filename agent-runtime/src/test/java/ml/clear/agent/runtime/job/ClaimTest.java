// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.server.StatusReport;
import ml.clear.agent.runtime.server.WorkerService;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final TaskId ID = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Worker SELF = new Worker("host:7", "host");

    private final FakeTaskService tasks = new FakeTaskService();

    @Test
    void aQueuedTaskIsStartedWithOneCallAndTellsItsHost() {
        tasks.answerWith(task(TaskStatus.QUEUED));

        claim("other:0").take(ID, new ClaimTerms(true, false));

        assertThat(tasks.calls)
                .containsExactly(
                        "dequeue", "started: worker started execution", "runtime: {_exec_agent_hostname=host}");
    }

    @Test
    void aTaskThatAnotherWorkerReportsIsRefusedUnlessItIsForced() {
        tasks.answerWith(task(TaskStatus.IN_PROGRESS));

        assertThatThrownBy(() -> claim("other:0").take(ID, ClaimTerms.NONE))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("is run by worker 'other:0'")
                .hasMessageContaining("--force");
        assertThat(tasks.calls).isEmpty();

        claim("other:0").take(ID, new ClaimTerms(false, true));
        assertThat(tasks.calls).contains("started: worker started execution");
    }

    @Test
    void aTaskThatNobodyOrTheSameWorkerReportsIsTaken() {
        tasks.answerWith(task(TaskStatus.IN_PROGRESS));

        claim().take(ID, ClaimTerms.NONE);
        claim("host:7").take(ID, ClaimTerms.NONE);

        assertThat(tasks.calls).filteredOn(call -> call.startsWith("started")).hasSize(2);
    }

    private Claim claim(String... running) {
        return new Claim(tasks, new Workers(List.of(running)), SELF);
    }

    private static Task task(TaskStatus status) {
        return new Task(
                ID,
                "name",
                "",
                status,
                "",
                new Script("", "", "", "", "", "", "", "", Requirements.NONE),
                Container.NONE,
                Map.of(),
                Map.of());
    }

    private record Workers(List<String> running) implements WorkerService {

        @Override
        public List<String> running(TaskId task, Duration within) {
            return running;
        }

        @Override
        public void register(String worker, List<String> queueIds) {
            throw new AssertionError("a claim registers nobody");
        }

        @Override
        public void unregister(String worker, List<String> queueIds) {
            throw new AssertionError("a claim unregisters nobody");
        }

        @Override
        public void report(StatusReport report) {
            throw new AssertionError("a claim reports nothing");
        }

        @Override
        public List<String> seen(Duration within) {
            throw new AssertionError("a claim asks for no workers but those of its task");
        }

        @Override
        public String listing() {
            throw new AssertionError("a claim lists nothing");
        }
    }
}
