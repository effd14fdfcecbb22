// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The outcome of one request that was sent once. */
sealed interface Outcome {

    /** The server answered, with success or with an error. */
    record Answered(Envelope envelope) implements Outcome {}

    /**
     * The server has certainly not processed the request.
     *
     * @param passing whether trying again may help
     * @param maintenance whether the answer says that the server is under maintenance
     * @param delay how long the server asks to wait; zero when it does not ask
     */
    record NotTaken(
            String reason,
            boolean passing,
            boolean maintenance,
            Duration delay,
            @Nullable Throwable cause) implements Outcome {

        /** The connection could not be established; a retry may succeed. */
        static NotTaken unreachable(String reason, Throwable cause) {
            return new NotTaken(reason, true, false, Duration.ZERO, cause);
        }

        /** The connection cannot be established, and retrying does not help. */
        static NotTaken hopeless(String reason, @Nullable Throwable cause) {
            return new NotTaken(reason, false, false, Duration.ZERO, cause);
        }
    }

    /**
     * The request was sent and no valid answer was received: the server may or may not have processed it.
     *
     * @param passing whether trying again may help
     */
    record Unclear(String reason, boolean passing, @Nullable Throwable cause) implements Outcome {}
}
