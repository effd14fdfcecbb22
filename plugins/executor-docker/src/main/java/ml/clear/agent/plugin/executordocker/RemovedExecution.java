// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.time.Duration;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;

/**
 * An execution whose container was removed after its end.
 *
 * @param handle the id of the container
 * @param end how it ended
 */
record RemovedExecution(String handle, ExecutionState.Ended end) implements Execution {

    @Override
    public ExecutionState state() {
        return end;
    }

    @Override
    public ExecutionState await(Duration limit) {
        return end;
    }

    @Override
    public void stop() {}

    @Override
    public void kill() {}
}
