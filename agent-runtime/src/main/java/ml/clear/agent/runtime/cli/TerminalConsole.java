// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import ml.clear.agent.api.process.Console;

/** Shows a task's console on our own output, each line at once. Safe for several threads. */
final class TerminalConsole implements Console {

    private final PrintWriter out;
    private final TerminalStyle style;
    private final MovingLine moving;
    private String unfinished = "";

    /** On an output that may be a file. */
    TerminalConsole(PrintWriter out) {
        this(out, TerminalStyle.PLAIN);
    }

    TerminalConsole(PrintWriter out, TerminalStyle style) {
        this.out = out;
        this.style = style;
        this.moving = new MovingLine(out, style, () -> unfinished.isEmpty());
    }

    @Override
    public void line(String text) {
        synchronized (out) {
            moving.erase();
            int end = text.indexOf('\n');
            String first = end < 0 ? text : text.substring(0, end);
            out.println(style.lines(over(first) + text.substring(first.length())));
            out.flush();
            unfinished = "";
        }
    }

    @Override
    public void unfinished(String text) {
        synchronized (out) {
            moving.erase();
            out.print(over(text));
            out.flush();
            unfinished = text;
        }
    }

    @Override
    public void progress(String text) {
        if (style.moving()) {
            moving.show(text);
        }
    }

    /** What turns the unfinished line into this one: its continuation, or the same line rewritten. */
    private String over(String text) {
        return text.startsWith(unfinished)
                ? text.substring(unfinished.length())
                : "\r" + text + " ".repeat(Math.max(0, unfinished.length() - text.length()));
    }
}
