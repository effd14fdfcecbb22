// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to stop: made once, never taken back. Safe for several threads. */
public final class Stop {

    private final CountDownLatch requested = new CountDownLatch(1);

    /** Ask for the stop. */
    public void request() {
        requested.countDown();
    }

    /** Whether it was asked for. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Wait until it is asked for, at most for a time.
     *
     * @return whether it was
     */
    public boolean await(Duration limit) throws InterruptedException {
        return requested.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
