// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.Map;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Terminals;

/**
 * What the terminal behind one of our outputs can show.
 *
 * @param moving whether a line can be rewritten
 * @param colours whether text can have colours
 */
record TerminalStyle(boolean moving, boolean colours) {

    /** A file or a pipe. */
    static final TerminalStyle PLAIN = new TerminalStyle(false, false);

    static final int OUT = Terminals.OUT;
    static final int ERR = Terminals.ERR;

    private static final Pattern PHASE =
            Pattern.compile("(?m)^([a-z]+)(?= +(?:[0-9.]+ s\\b|[0-9]+ min\\b|running\\b|failed after\\b))");

    private static final String BOLD = "\u001b[1m";
    private static final String FAINT = "\u001b[2m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN_AGAIN = "\u001b[0m";

    /**
     * The style of an output of this process.
     *
     * @param environment where {@code TERM} and {@code NO_COLOR} count
     * @param descriptor {@link #OUT} or {@link #ERR}
     */
    static TerminalStyle of(Map<String, String> environment, int descriptor) {
        if (!Terminals.canMove(environment, descriptor)) {
            return PLAIN;
        }
        return new TerminalStyle(true, environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** Lines of a console, with the names of the phases in bold. */
    String lines(String text) {
        return colours ? PHASE.matcher(text).replaceAll(BOLD + "$1" + PLAIN_AGAIN) : text;
    }

    /** A message of the agent, which begins with its name. */
    String message(String words) {
        String name = colours ? BOLD + "clearml-agent:" + PLAIN_AGAIN : "clearml-agent:";
        boolean warning = colours && words.startsWith("warning:");
        return name + " " + (warning ? YELLOW + words + PLAIN_AGAIN : words);
    }

    String faint(String text) {
        return colours ? FAINT + text + PLAIN_AGAIN : text;
    }
}
