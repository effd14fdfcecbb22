// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import ml.clear.agent.api.process.Console;

/** Shows a task's console on our own output, each line at once. Safe for several threads. */
record TerminalConsole(PrintWriter out) implements Console {

    @Override
    public synchronized void line(String text) {
        out.println(text);
        out.flush();
    }
}
