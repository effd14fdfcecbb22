// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.time.Duration;
import ml.clear.agent.api.Stability;

/** An execution that was started. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface Execution {

    /** A text by which another process finds it again; stays valid across restarts of the machine. */
    String handle();

    /** How it is now. Asks the system or the scheduler, so it may take a while. */
    ExecutionState state() throws InterruptedException;

    /**
     * Wait for its end.
     *
     * @param limit the longest time to wait
     * @return how it is then, running when the time ran out
     */
    ExecutionState await(Duration limit) throws InterruptedException;

    /**
     * Ask it to abort its task: its execute process gets the stop signal, and ends the task with the task's grace. Returns
     * at once; does nothing when it has ended.
     */
    void stop() throws InterruptedException;

    /**
     * End it now, with all that the executor has made for it, such as a container. For one that a stop has not ended, or whose
     * execute process can bring its task to no end. Returns when that is asked for; does nothing when it has ended.
     */
    void kill() throws InterruptedException;
}
