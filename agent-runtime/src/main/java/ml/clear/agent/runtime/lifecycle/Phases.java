// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import ml.clear.agent.api.process.Console;

/**
 * Tells the phases of long work: a line when one begins and a line with its time when it ends, well or not. Used by one
 * thread.
 */
public final class Phases {

    private final Console console;
    private final LongSupplier nanoTime;

    /** Tells on this console, with the machine's monotonic clock. */
    public Phases(Console console) {
        this(console, System::nanoTime);
    }

    Phases(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.nanoTime = nanoTime;
    }

    /**
     * Run one phase.
     *
     * @param name what it does, such as {@code environment}
     * @throws InterruptedException when the step is interrupted
     */
    public <T> T run(String name, Step<T> step) throws InterruptedException {
        long start = nanoTime.getAsLong();
        console.line("> " + name);
        boolean done = false;
        try {
            T result = step.run();
            done = true;
            return result;
        } finally {
            Duration took = Duration.ofNanos(nanoTime.getAsLong() - start);
            console.line((done ? "< " : "! ") + name + (done ? " done in " : " failed after ") + seconds(took));
        }
    }

    /** A duration as people read it: {@code 0.25 s}, {@code 12.3 s}, {@code 3 min 20 s}. */
    public static String seconds(Duration duration) {
        double seconds = duration.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    /**
     * The work of a phase.
     *
     * @param <T> what it gives
     */
    @FunctionalInterface
    public interface Step<T> {

        /** Do it. */
        T run() throws InterruptedException;
    }
}
