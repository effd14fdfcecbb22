// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.secret;

import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * A value that is never printed.
 *
 * <p>{@link #toString()} hides it, equality is that of the reference, and only the last step before use calls
 * {@link #reveal()}.
 */
@Stability.Incubating(since = "0.1")
public final class Secret {

    /** What is shown in place of any secret. */
    public static final String MASK = "****";

    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** A secret with this text, which may be empty. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The text itself. Never log it, put it on a command line or into an exception. */
    public String reveal() {
        return value;
    }

    /** Whether there is no text at all. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    /** Always {@link #MASK}. */
    @Override
    public String toString() {
        return MASK;
    }
}
