// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;

/** What happens to a task that is aborted before its process gets the stop signal. Used by one thread. */
@FunctionalInterface
interface BeforeStop {

    /** Nothing. */
    BeforeStop NOTHING = (_, _) -> {};

    /** Do it; the process may end meanwhile. */
    void await(AbortReason reason, Ends process) throws InterruptedException;

    /** This, then something else. */
    default BeforeStop then(BeforeStop next) {
        return (reason, process) -> {
            await(reason, process);
            next.await(reason, process);
        };
    }

    /** Whether the task's process ends within a time. */
    @FunctionalInterface
    interface Ends {

        boolean within(Duration limit) throws InterruptedException;
    }
}
