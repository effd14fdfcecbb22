// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * The last line of a terminal while a step takes long: what is being done, and for how long. Guarded by the writer's monitor, which
 * everything that writes to the terminal holds.
 */
final class MovingLine {

    private static final String FRAMES = "-\\|/";
    private static final String ERASE_TO_END = "\u001b[K";
    private static final Duration PERIOD = Duration.ofMillis(200);

    /** A longer line would wrap on a usual terminal, and could not be overwritten. */
    private static final int LONGEST = 70;

    private final PrintWriter out;
    private final TerminalStyle style;
    private final BooleanSupplier free;
    private String text = "";
    private long since;
    private int frame;
    private boolean painted;

    /**
     * A line on a terminal.
     *
     * @param free whether the last line of the terminal has no other text now
     */
    MovingLine(PrintWriter out, TerminalStyle style, BooleanSupplier free) {
        this.out = out;
        this.style = style;
        this.free = free;
    }

    /** Show what is being done; the time counts from the first text after an empty one. */
    void show(String words) {
        synchronized (out) {
            boolean begins = text.isEmpty() && !words.isEmpty();
            text = words.length() <= LONGEST ? words : words.substring(0, LONGEST);
            if (begins) {
                since = System.nanoTime();
                paint();
                Thread.ofPlatform().daemon().name("moving line").start(this::move);
            } else if (words.isEmpty()) {
                erase();
            }
        }
    }

    /** Make room for another line. */
    void erase() {
        if (painted) {
            out.print("\r" + ERASE_TO_END);
            out.flush();
            painted = false;
        }
    }

    private void move() {
        synchronized (out) {
            try {
                long mine = since;
                while (!text.isEmpty() && since == mine) {
                    out.wait(PERIOD.toMillis());
                    paint();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void paint() {
        if (text.isEmpty() || !free.getAsBoolean()) {
            return;
        }
        long seconds = Duration.ofNanos(System.nanoTime() - since).toSeconds();
        char mark = FRAMES.charAt(frame++ % FRAMES.length());
        out.print("\r" + style.faint(String.format(Locale.ROOT, "%c %-13s %d s", mark, text, seconds)) + ERASE_TO_END);
        out.flush();
        painted = true;
    }
}
