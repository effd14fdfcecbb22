// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of day of one moment and what has passed since: clock changes do not affect it, so that nothing expires, or
 * fails to expire, because of them. Safe for several threads.
 */
public final class SteadyTime implements InstantSource {

    private final Instant start;
    private final long startNanos;
    private final LongSupplier nanoTime;

    SteadyTime(InstantSource wall, LongSupplier nanoTime) {
        this.start = wall.instant();
        this.startNanos = nanoTime.getAsLong();
        this.nanoTime = nanoTime;
    }

    /** From now on. */
    public static SteadyTime from(InstantSource wall) {
        return new SteadyTime(wall, System::nanoTime);
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime.getAsLong() - startNanos);
    }
}
