// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The time of the last request. Uses the monotonic clock, so that clock changes have no effect. */
final class Activity {

    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();

    void begin() {
        requests.incrementAndGet();
        open.incrementAndGet();
        last.set(System.nanoTime());
    }

    void end() {
        last.set(System.nanoTime());
        open.decrementAndGet();
    }

    /** How many there were. */
    long requests() {
        return requests.get();
    }

    /** How many there are. */
    int open() {
        return open.get();
    }

    Duration idle() {
        return open.get() > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - last.get());
    }
}
