// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * One attempt to start an execute process. The caller chooses the id and records it before it requests the start, so
 * that it can repeat the request when it does not know whether the first one succeeded.
 *
 * @param value lower-case letters, digits and dashes, at most 63, beginning with a letter: a name that containers, pods
 *     and jobs may have
 */
@Stability.Incubating(since = "0.1")
public record AttemptId(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** Checks the form. */
    public AttemptId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "an attempt is named by at most 63 lower-case letters, digits and dashes, got '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
