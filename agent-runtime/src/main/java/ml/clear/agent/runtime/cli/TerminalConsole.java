// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import ml.clear.agent.api.process.Console;

/** Shows a task's console on our own output, each line at once. Safe for several threads. */
final class TerminalConsole implements Console {

    private final PrintWriter out;
    private String unfinished = "";

    TerminalConsole(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void line(String text) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        out.println(over(first) + text.substring(first.length()));
        out.flush();
        unfinished = "";
    }

    @Override
    public synchronized void unfinished(String text) {
        out.print(over(text));
        out.flush();
        unfinished = text;
    }

    /** What turns the unfinished line into this one: its continuation, or the same line written anew. */
    private String over(String text) {
        return text.startsWith(unfinished)
                ? text.substring(unfinished.length())
                : "\r" + text + " ".repeat(Math.max(0, unfinished.length() - text.length()));
    }
}
