// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.time.Duration;
import ml.clear.agent.api.Stability;

/** An execution that was started. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface Execution {

    /** A handle with which another process finds the execution again; stays valid across restarts of the machine. */
    String handle();

    /** The current state. May take a while, since it queries the system or the scheduler. */
    ExecutionState state() throws InterruptedException;

    /**
     * Wait for its end.
     *
     * @param limit the longest time to wait
     * @return how it is then, running when the time ran out
     */
    ExecutionState await(Duration limit) throws InterruptedException;

    /**
     * Ask the execution to abort its task: the execute process receives the stop signal and ends the task, which gets
     * its grace period. Returns at once; does nothing when the execution has ended.
     */
    void stop() throws InterruptedException;

    /**
     * End the execution now, together with everything that the executor created for it, such as a container. Used when
     * {@link #stop} had no effect, or when the execute process cannot finish its task. Returns once this is requested;
     * does nothing when the execution has ended.
     */
    void kill() throws InterruptedException;
}
