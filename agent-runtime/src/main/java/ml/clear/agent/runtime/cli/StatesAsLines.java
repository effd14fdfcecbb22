// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.time.Duration;
import java.util.function.LongSupplier;
import ml.clear.agent.api.process.Console;

/** A log, in which a line that does not end is written now and then as it is. Safe for several threads. */
final class StatesAsLines implements Console {

    private static final Duration PACE = Duration.ofSeconds(10);

    private final Console log;
    private final LongSupplier nanoTime;
    private long next;

    StatesAsLines(Console log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    @Override
    public void line(String text) {
        log.line(text);
    }

    @Override
    public synchronized void unfinished(String text) {
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            next = now + PACE.toNanos();
            log.line(text);
        }
    }
}
