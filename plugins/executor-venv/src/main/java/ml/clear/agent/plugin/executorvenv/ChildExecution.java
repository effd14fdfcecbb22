// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.process.ProcessIdentity;

/** An execution that this process started, so its exit code is known. */
final class ChildExecution implements Execution {

    private final Process process;
    private final ProcessIdentity identity;

    ChildExecution(Process process) {
        this.process = process;
        // A process that ended at once has no start time; the resulting identity matches no living process.
        this.identity = ProcessIdentity.of(process.pid())
                .orElseGet(() -> new ProcessIdentity(ProcessIdentity.current().bootId(), process.pid(), 0));
    }

    ProcessIdentity identity() {
        return identity;
    }

    @Override
    public String handle() {
        return identity.toString();
    }

    @Override
    public ExecutionState state() {
        return process.isAlive() ? new ExecutionState.Running() : new ExecutionState.Ended(process.exitValue());
    }

    @Override
    public ExecutionState await(Duration limit) throws InterruptedException {
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        return ended ? new ExecutionState.Ended(process.exitValue()) : new ExecutionState.Running();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public void stop() {
        process.destroy();
    }
}
