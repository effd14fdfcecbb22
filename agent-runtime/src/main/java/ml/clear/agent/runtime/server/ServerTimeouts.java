// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.Objects;

/**
 * How long one request may take.
 *
 * @param connect until a connection is established
 * @param silence the longest time without a byte received from the server or sent to it
 * @param poll the time limit of a whole status poll, which must never wait long
 */
public record ServerTimeouts(Duration connect, Duration silence, Duration poll) {

    /** The defaults: those of the Python agent, and a few seconds for a poll. */
    public static final ServerTimeouts DEFAULT =
            new ServerTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5));

    /** Checks for absence. */
    public ServerTimeouts {
        Objects.requireNonNull(connect);
        Objects.requireNonNull(silence);
        Objects.requireNonNull(poll);
    }
}
