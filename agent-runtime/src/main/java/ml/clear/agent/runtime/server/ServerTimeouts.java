// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.Objects;

/**
 * How long one request may take.
 *
 * @param connect until a connection stands
 * @param silence the longest time without a byte from the server, and without one taken by it
 * @param poll the whole time of a status poll, which must never wait long
 */
public record ServerTimeouts(Duration connect, Duration silence, Duration poll) {

    /** What applies when nobody says: as the Python agent, and a few seconds for a poll. */
    public static final ServerTimeouts DEFAULT =
            new ServerTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5));

    /** Checks for absence. */
    public ServerTimeouts {
        Objects.requireNonNull(connect);
        Objects.requireNonNull(silence);
        Objects.requireNonNull(poll);
    }
}
