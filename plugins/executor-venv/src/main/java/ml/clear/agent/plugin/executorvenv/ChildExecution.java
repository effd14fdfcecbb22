// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.process.ProcessIdentity;

/** An execution that this process started: its exit code can be told. */
final class ChildExecution implements Execution {

    private final Process process;
    private final String handle;

    ChildExecution(Process process) {
        this.process = process;
        // One that ended at once is no longer to be found by anybody, which is what its empty handle says.
        this.handle =
                ProcessIdentity.of(process.pid()).map(ProcessIdentity::toString).orElse("");
    }

    @Override
    public String handle() {
        return handle;
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
    public void stop() {
        process.destroy();
    }
}
