// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.util.concurrent.CountDownLatch;

/**
 * Turns the first SIGTERM or SIGINT of this process into a call, and keeps the process alive until the owner has finished
 * and closes this.
 *
 * <p>The signal starts the JVM's shutdown, which waits for this hook; when the hook returns the JVM ends with 128 and the
 * number of the signal.
 */
public final class StopSignal implements AutoCloseable {

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    /**
     * Listen from now on.
     *
     * @param reaction called once, in a thread of its own, when the signal comes; must return quickly
     */
    public StopSignal(Runnable reaction) {
        hook = new Thread(() -> react(reaction), "stop-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void react(Runnable reaction) {
        if (finished.getCount() == 0) {
            return;
        }
        reaction.run();
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The owner has finished; a signal that came before lets the process end now. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook runs, and has just been told to return.
        }
    }
}
