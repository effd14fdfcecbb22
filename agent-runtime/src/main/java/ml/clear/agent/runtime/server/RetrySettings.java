// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.Objects;

/**
 * How long to retry when a server cannot be reached.
 *
 * @param limit how often a request is repeated at most, {@code api.http.retries.total}
 * @param firstPause the longest pause before the first repetition, doubled with each, {@code
 *     api.http.retries.backoff_factor}
 * @param longestPause where the doubling ends, {@code api.http.retries.backoff_max}
 * @param waitForMaintenance whether a server that answers 503 is waited for without limit, {@code
 *     api.http.wait_on_maintenance_forever}
 */
public record RetrySettings(int limit, Duration firstPause, Duration longestPause, boolean waitForMaintenance) {

    /** What applies when the configuration does not say: as the Python agent. */
    public static final RetrySettings DEFAULT =
            new RetrySettings(240, Duration.ofSeconds(1), Duration.ofSeconds(120), true);

    /** Checks the signs. */
    public RetrySettings {
        Objects.requireNonNull(firstPause);
        Objects.requireNonNull(longestPause);
        if (limit < 0) {
            throw new IllegalArgumentException("the number of repetitions cannot be negative, got '" + limit + "'");
        }
        if (firstPause.isNegative() || longestPause.isNegative()) {
            throw new IllegalArgumentException(
                    "a pause cannot be negative, got '" + firstPause + "', '" + longestPause + "'");
        }
    }
}
