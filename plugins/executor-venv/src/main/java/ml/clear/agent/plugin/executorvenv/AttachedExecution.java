// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.process.ProcessIdentity;

/** An execution that an earlier process started: it can be monitored and stopped, but its exit code is unknown. */
final class AttachedExecution implements Execution {

    private final ProcessIdentity identity;

    AttachedExecution(ProcessIdentity identity) {
        this.identity = identity;
    }

    @Override
    public String handle() {
        return identity.toString();
    }

    @Override
    public ExecutionState state() {
        return identity.isAlive()
                ? new ExecutionState.Running()
                : new ExecutionState.Lost("process " + identity.pid() + " has ended; only its parent knows how");
    }

    @Override
    public ExecutionState await(Duration limit) throws InterruptedException {
        if (identity.isAlive()) {
            try {
                ProcessHandle.of(identity.pid()).orElseThrow().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException | NoSuchElementException e) {
                // In both cases the state below is returned.
            }
        }
        return state();
    }

    @Override
    public void kill() {
        identity.kill();
    }

    @Override
    public void stop() {
        identity.terminate();
    }
}
