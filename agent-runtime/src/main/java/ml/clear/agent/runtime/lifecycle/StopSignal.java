// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.util.OptionalInt;
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
    private volatile OptionalInt exitCode = OptionalInt.empty();

    /**
     * Start listening.
     *
     * @param reaction called once, in a separate thread, when the signal arrives; must return quickly
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
            // The code of a shutdown that has begun can be changed by no other way.
            exitCode.ifPresent(code -> Runtime.getRuntime().halt(code));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Give the process this exit code, although its shutdown has begun with another one; before {@link #close()}. For an owner
     * whose process is ended by code that it calls.
     */
    public void endWith(int code) {
        exitCode = OptionalInt.of(code);
    }

    /** The owner has finished; a signal that came before lets the process end now. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown has begun: the hook is running, and was just asked to return.
        }
    }
}
