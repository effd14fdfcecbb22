// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.List;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.StatusReport;
import ml.clear.agent.runtime.server.WorkerService;

/** A fake: workers that report that they run a task. */
record FakeWorkers(List<String> running) implements WorkerService {

    @Override
    public List<String> running(TaskId task, Duration within) {
        return running;
    }

    @Override
    public void register(String worker, List<String> queueIds) {
        throw new AssertionError("a claim registers no worker");
    }

    @Override
    public void unregister(String worker, List<String> queueIds) {
        throw new AssertionError("a claim unregisters no worker");
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
