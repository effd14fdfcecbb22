// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import ml.clear.agent.api.process.Console;

/**
 * Reports the phases of long work: while one runs as progress, and when it ends with its time and a summary:
 *
 * <pre>{@code
 * code          0.70 s   git 4515dea8
 * environment   1.75 s   29 packages, cached
 * }</pre>
 *
 * <p>Used by one thread.
 */
public final class Phases {

    private final Console console;
    private final LongSupplier nanoTime;

    /** Reports to this console, with the machine's monotonic clock. */
    public Phases(Console console) {
        this(console, System::nanoTime);
    }

    Phases(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.nanoTime = nanoTime;
    }

    /**
     * Run one phase without a summary.
     *
     * @param name what it does, such as {@code environment}
     * @throws InterruptedException when the step is interrupted
     */
    public <T> T run(String name, Step<T> step) throws InterruptedException {
        return run(name, (Consumer<String> _) -> step.run());
    }

    /**
     * Run one phase.
     *
     * @param name what it does, such as {@code environment}
     * @param step gets a place for its summary, a few words
     * @throws InterruptedException when the step is interrupted
     */
    public <T> T run(String name, SummarizedStep<T> step) throws InterruptedException {
        long start = nanoTime.getAsLong();
        AtomicReference<String> summary = new AtomicReference<>("");
        console.progress(name);
        boolean done = false;
        try {
            T result = step.run(summary::set);
            done = true;
            return result;
        } finally {
            console.progress("");
            String took = seconds(Duration.ofNanos(nanoTime.getAsLong() - start));
            console.line(done ? line(name, took, summary.get()) : line(name, "failed after " + took, ""));
        }
    }

    /** A line about a phase, in columns. */
    public static String line(String name, String state, String words) {
        return String.format(Locale.ROOT, "%-13s %-8s %s", name, state, words).stripTrailing();
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
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface Step<T> {

        /** Do it. */
        T run() throws InterruptedException;
    }

    /**
     * The work of a phase that summarizes its result.
     *
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface SummarizedStep<T> {

        /**
         * Do it.
         *
         * @param summary where a few words about the result go
         */
        T run(Consumer<String> summary) throws InterruptedException;
    }
}
