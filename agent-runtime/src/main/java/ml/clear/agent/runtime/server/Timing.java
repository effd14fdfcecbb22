// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The clocks, the random numbers and the pauses of a connection.
 *
 * @param wall the time of day, which may jump
 * @param nanos a monotonic clock in nanoseconds, which stands still while the machine sleeps
 * @param random for jitter
 * @param pause waits
 */
record Timing(InstantSource wall, LongSupplier nanos, RandomGenerator random, Pause pause) {

    /** Waits for some time, or until the wait is cancelled. */
    @FunctionalInterface
    interface Pause {

        /** Returns whether the whole time has passed; false when the wait was called off. */
        boolean pass(Duration time) throws InterruptedException;
    }

    /** The machine's own; a pause ends when {@code closed} opens. */
    static Timing real(CountDownLatch closed) {
        return new Timing(
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                time -> !closed.await(time.toNanos(), TimeUnit.NANOSECONDS));
    }
}
