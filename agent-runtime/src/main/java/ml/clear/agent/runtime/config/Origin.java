// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/**
 * Where a value comes from.
 *
 * @param source a file, {@code variable NAME} or {@code default}
 * @param line the line in the file, from 1; 0 where there is none
 */
public record Origin(String source, int line) {

    /** The origin of default values. */
    public static final Origin DEFAULT = new Origin("default", 0);

    /** Rejects negative lines. */
    public Origin {
        if (line < 0) {
            throw new IllegalArgumentException("a line is 0 or more, got '" + line + "'");
        }
    }

    static Origin variable(String name) {
        return new Origin("variable " + name, 0);
    }

    /** {@code source:line}, or the source alone. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
