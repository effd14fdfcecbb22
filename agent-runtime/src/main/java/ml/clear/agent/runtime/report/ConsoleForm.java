// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.Objects;
import java.util.function.UnaryOperator;
import ml.clear.agent.runtime.process.TerminalLine;

/**
 * How raw lines become lines of the console.
 *
 * @param suppressCarriageReturns whether a line that was overwritten is shown once, in its last state, rather than as one
 *     line for each state ({@code agent.suppress_carriage_return})
 * @param longestLine how many bytes of a line are kept; the rest is counted
 * @param redaction masks secrets in a whole line
 */
public record ConsoleForm(boolean suppressCarriageReturns, int longestLine, UnaryOperator<String> redaction) {

    /** 1 MiB: more than any line that a person reads, and no more than the memory of a usual batch. */
    public static final int LONGEST_LINE = 1 << 20;

    /** Checks. */
    public ConsoleForm {
        Objects.requireNonNull(redaction);
        if (longestLine < 1) {
            throw new IllegalArgumentException("a line needs at least one byte, got '" + longestLine + "'");
        }
    }

    /** The usual form. */
    public static ConsoleForm of(boolean suppressCarriageReturns, UnaryOperator<String> redaction) {
        return new ConsoleForm(suppressCarriageReturns, LONGEST_LINE, redaction);
    }

    /** The line as it is shown. */
    String shown(String raw) {
        if (suppressCarriageReturns) {
            return redaction.apply(TerminalLine.render(raw));
        }
        String text = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
        return redaction.apply(text.replace('\r', '\n'));
    }
}
