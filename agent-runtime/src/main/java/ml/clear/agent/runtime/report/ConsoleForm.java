// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.Objects;
import ml.clear.agent.runtime.process.TerminalLine;
import ml.clear.agent.runtime.redact.Redactor;

/**
 * How raw lines become lines of the console.
 *
 * @param suppressCarriageReturns whether a line that was overwritten is shown once, in its last state, rather than as one
 *     line for each state ({@code agent.suppress_carriage_return})
 * @param longestLine how many bytes of a line are kept in memory; a longer one is shown in pieces
 * @param redactor masks secrets
 */
public record ConsoleForm(boolean suppressCarriageReturns, int longestLine, Redactor redactor) {

    /** 1 MiB: more than any line that a person reads, and no more than the memory of a usual batch. */
    static final int LONGEST_LINE = 1 << 20;

    /** Checks. */
    public ConsoleForm {
        Objects.requireNonNull(redactor);
        if (longestLine < 1) {
            throw new IllegalArgumentException("a line needs at least one byte, got '" + longestLine + "'");
        }
    }

    /** The usual form. */
    public static ConsoleForm of(boolean suppressCarriageReturns, Redactor redactor) {
        return new ConsoleForm(suppressCarriageReturns, LONGEST_LINE, redactor);
    }

    /** The line as it is shown. */
    String shown(String raw) {
        if (suppressCarriageReturns) {
            return redactor.redact(TerminalLine.render(raw));
        }
        int from = raw.startsWith("\r") ? 1 : 0;
        int to = raw.endsWith("\r") ? Math.max(from, raw.length() - 1) : raw.length();
        return redactor.redact(raw.substring(from, to).replace('\r', '\n'));
    }

    /** Whether a piece of a line is shown as a separate line: it is a state that the next one overwrites. */
    static boolean isState(String raw) {
        return raw.indexOf('\r') >= 0;
    }
}
