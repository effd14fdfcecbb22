// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one request that was sent once. */
sealed interface Outcome {

    /** The server answered, well or with a refusal. */
    record Answered(Envelope envelope) implements Outcome {}

    /**
     * The server certainly did nothing.
     *
     * @param passing whether trying again may help
     * @param maintenance whether somebody answered that the server is down for a while
     * @param delay how long the other side asks to wait; zero when it does not
     */
    record NotTaken(
            String reason,
            boolean passing,
            boolean maintenance,
            Duration delay,
            @Nullable Throwable cause) implements Outcome {

        /** A connection that does not stand. */
        static NotTaken unreachable(String reason, Throwable cause) {
            return new NotTaken(reason, true, false, Duration.ZERO, cause);
        }

        /** A connection that will never stand before somebody changes something. */
        static NotTaken hopeless(String reason, @Nullable Throwable cause) {
            return new NotTaken(reason, false, false, Duration.ZERO, cause);
        }
    }

    /**
     * The request went out and no answer came that can be understood: the server may or may not have done it.
     *
     * @param passing whether trying again may help
     */
    record Unclear(String reason, boolean passing, @Nullable Throwable cause) implements Outcome {}
}
