// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets up where the words of {@code System.Logger} and of the libraries go: one line each on standard error. */
final class Logging {

    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** The level and the message, and a stack trace where there is one. */
    private static final String LINE = "clearml-agent: %4$s: %5$s%6$s%n";

    private static final String OURS = "ml.clear.agent";

    private Logging() {}

    /**
     * Set it up, before anything logs.
     *
     * @param debug whether to log in detail
     */
    static void configure(boolean debug) {
        System.setProperty(FORMAT, LINE);
        if (debug) {
            Logger.getLogger(OURS).setLevel(Level.ALL);
            for (Handler handler : Logger.getLogger("").getHandlers()) {
                handler.setLevel(Level.ALL);
            }
        }
    }
}
