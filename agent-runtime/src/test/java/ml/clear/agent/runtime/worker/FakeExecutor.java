// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.task.TaskId;
import org.jspecify.annotations.Nullable;

/** A fake: an execution runs until the test ends it. */
final class FakeExecutor implements Executor {

    final List<ExecutionRequest> requests = new CopyOnWriteArrayList<>();
    private final Map<TaskId, CountDownLatch> running = new ConcurrentHashMap<>();
    final List<String> stopped = new CopyOnWriteArrayList<>();
    private volatile @Nullable ErrorCode refusal;
    volatile Set<Capability> capabilities = Set.of(Capability.SHARES_PROCESSES);

    /** Whether executions go on after a stop. */
    volatile boolean ignoresStops;

    final List<String> killed = new CopyOnWriteArrayList<>();

    void refuse(boolean refuses) {
        refusal = refuses ? ErrorCode.LAUNCH_FAILED : null;
    }

    void refuseWith(ErrorCode code) {
        refusal = code;
    }

    boolean runs(TaskId task) {
        return running.containsKey(task);
    }

    void end(TaskId task) {
        CountDownLatch latch = running.remove(task);
        if (latch != null) {
            latch.countDown();
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Execution start(ExecutionRequest request) {
        requests.add(request);
        ErrorCode code = refusal;
        if (code != null) {
            throw new AgentException(code, "no room in the inn");
        }
        CountDownLatch latch = new CountDownLatch(1);
        running.put(request.task().id(), latch);
        return new FakeExecution(request.task().id().value(), latch);
    }

    @Override
    public Attachment attach(ExecutionReference reference) {
        TaskId task = new TaskId(reference.folder().getFileName().toString());
        CountDownLatch latch = running.get(task);
        return latch == null
                ? new Attachment.Gone("it does not run")
                : new Attachment.Found(new FakeExecution(task.value(), latch));
    }

    private final class FakeExecution implements Execution {

        private final String handle;
        private final CountDownLatch latch;

        FakeExecution(String handle, CountDownLatch latch) {
            this.handle = handle;
            this.latch = latch;
        }

        @Override
        public String handle() {
            return handle;
        }

        @Override
        public ExecutionState state() {
            return latch.getCount() > 0 ? new ExecutionState.Running() : new ExecutionState.Ended(0);
        }

        @Override
        public ExecutionState await(Duration limit) throws InterruptedException {
            boolean _ = latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
            return state();
        }

        @Override
        public void kill() {
            killed.add(handle);
            latch.countDown();
        }

        @Override
        public void stop() {
            stopped.add(handle);
            if (!ignoresStops) {
                latch.countDown();
            }
        }
    }
}
