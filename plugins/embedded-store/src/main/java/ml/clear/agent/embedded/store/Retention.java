// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.time.Duration;

/**
 * Which events are kept. Statistics of a task's scalars, which {@code last_metrics} is made of, stay in any case.
 *
 * @param age events that were stored longer ago are removed; zero keeps all events
 * @param reports the greatest number of a task's console reports, of which the newest stay; zero keeps all
 */
public record Retention(Duration age, long reports) {

    /** Everything is kept. */
    public static final Retention EVERYTHING = new Retention(Duration.ZERO, 0);

    /** Checks the numbers. */
    public Retention {
        if (age.isNegative() || reports < 0) {
            throw new IllegalArgumentException(
                    "neither age nor reports may be negative, got '" + age + "' and '" + reports + "'");
        }
    }
}
