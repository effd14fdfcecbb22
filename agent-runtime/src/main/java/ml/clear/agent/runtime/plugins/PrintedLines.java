// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/**
 * Replaces {@code System.out}: what plugins and libraries print there is logged, since only the command may write to
 * its output. Safe for several threads.
 */
public final class PrintedLines extends OutputStream {

    /** Longer lines are logged in parts. */
    private static final int LONGEST = 8192;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private PrintedLines() {}

    /** Take the place of {@code System.out}; gives the stream that was there. */
    public static PrintStream replaceStandardOutput() {
        PrintStream before = System.out;
        System.setOut(new PrintStream(new PrintedLines(), true, StandardCharsets.UTF_8));
        return before;
    }

    @Override
    public synchronized void write(int octet) {
        if (octet == '\n' || line.size() == LONGEST) {
            logLine();
        }
        if (octet != '\n' && octet != '\r') {
            line.write(octet);
        }
    }

    /** Log what is left without an end of line. */
    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            logLine();
        }
    }

    private void logLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        String source = PluginScope.ownerOf(Thread.currentThread()).orElse("a library");
        Logger log = System.getLogger(PrintedLines.class.getName());
        log.log(Level.INFO, () -> source + " printed: " + text);
    }
}
