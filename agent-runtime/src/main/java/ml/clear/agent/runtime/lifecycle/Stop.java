// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request to stop: made once, never taken back. Safe for several threads. */
public final class Stop {

    private final CountDownLatch requested = new CountDownLatch(1);
    private @Nullable Thread interruptible;

    /** Request the stop; the threads in {@link #interrupting} are interrupted. */
    public synchronized void request() {
        if (!isRequested() && interruptible != null) {
            interruptible.interrupt();
        }
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

    /**
     * Do something that a stop interrupts, such as waiting for a server that is away.
     *
     * @throws InterruptedException when the stop was asked for before, or the step ends with it
     */
    public <T> T interrupting(Phases.Step<T> step) throws InterruptedException {
        begin();
        try {
            return step.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() throws InterruptedException {
        if (isRequested()) {
            throw new InterruptedException("stopped before it began");
        }
        interruptible = Thread.currentThread();
    }

    /** An interruption that came at the last moment must not hit what follows. */
    private synchronized void end() {
        interruptible = null;
        if (isRequested()) {
            Thread.interrupted();
        }
    }
}
