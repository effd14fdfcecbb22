// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.time.Duration;

/**
 * When the shipper does what.
 *
 * @param period how long a line may wait for others before it is sent
 * @param firstRetry how long to wait after the first failure in a row; doubled after each, and jittered
 * @param longestRetry how long to wait at most
 * @param settling how long an event may take to be found by a look-up after its answer was lost
 * @param progress how long a line may go without an end before its state is sent, and how often at most
 */
public record ShippingPace(
        Duration period, Duration firstRetry, Duration longestRetry, Duration settling, Duration progress) {

    private static final Duration PROGRESS = Duration.ofSeconds(5);

    /** The usual pace for a report period. */
    public static ShippingPace of(Duration period) {
        return new ShippingPace(
                period,
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                period.compareTo(PROGRESS) > 0 ? period : PROGRESS);
    }
}
