// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that a test moves, and pauses that take no time and are written down. */
final class FakeTiming {

    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final AtomicLong wallMillis = new AtomicLong(System.currentTimeMillis());

    Timing timing() {
        return new Timing(() -> Instant.ofEpochMilli(wallMillis.get()), nanos::get, new Random(42), time -> {
            pauses.add(time);
            pass(time);
            return true;
        });
    }

    /** Time goes on, on both clocks. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        wallMillis.addAndGet(time.toMillis());
    }

    /** Set the clock of the machine. */
    void setClock(Duration by) {
        wallMillis.addAndGet(by.toMillis());
    }
}
