// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * The identity of a task on its server.
 *
 * @param value 30 or more lower-case hexadecimal digits or dashes, in practice 32 digits
 */
@Stability.Incubating(since = "0.1")
public record TaskId(String value) {

    /** The pattern that distinguishes an id from a name, as in the Python agent. */
    private static final Pattern FORM = Pattern.compile("[-a-f0-9]{30,}");

    /** Checks the form. */
    public TaskId {
        if (!matches(value)) {
            throw new IllegalArgumentException("a task id has 30 or more hexadecimal digits, got '" + value + "'");
        }
    }

    /** Whether the text has the form of an id, rather than of a name. */
    public static boolean matches(String text) {
        return FORM.matcher(text).matches();
    }

    /** The id alone. */
    @Override
    public String toString() {
        return value;
    }
}
