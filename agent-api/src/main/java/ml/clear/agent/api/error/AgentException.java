// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.error;

import java.util.Objects;
import ml.clear.agent.api.Stability;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that the agent and its plugins throw on purpose.
 *
 * <p>The message is read by users: it says what is wrong, where, with which value in single quotes, and what to do next;
 * it ends without a full stop and never holds a secret.
 */
@Stability.Incubating(since = "0.1")
public final class AgentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /** An error that nothing else caused. */
    public AgentException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * An error with its cause.
     *
     * @param cause what went wrong below; shown only when debugging, so the message must stand alone
     */
    @SuppressWarnings("exports") // the annotations are not passed on: a plugin compiles against this module alone
    public AgentException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
    }

    /** What is wrong and what to do, for users. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The cause, as one of a fixed set. */
    public ErrorCode code() {
        return code;
    }
}
