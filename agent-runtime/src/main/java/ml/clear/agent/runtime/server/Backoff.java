// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing pauses with full jitter, so that many agents do not retry at the same moment. */
final class Backoff {

    /** After this many doublings every first pause has reached the longest one. */
    private static final int DOUBLINGS = 30;

    private final RetrySettings settings;
    private final RandomGenerator random;

    Backoff(RetrySettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * The pause before a repetition.
     *
     * @param repetition 1 for the first
     * @param asked the pause that the server asks for; the result is not shorter
     */
    Duration pause(int repetition, Duration asked) {
        long first = settings.firstPause().toMillis();
        long longest = settings.longestPause().toMillis();
        long doubled = first << Math.min(repetition - 1, DOUBLINGS);
        long limit = doubled < first ? longest : Math.min(doubled, longest);
        Duration drawn = Duration.ofMillis(random.nextLong(limit + 1));
        // jitter on top of the server's pause; without it, all clients would retry at the same moment
        return asked.isZero() ? drawn : asked.plusMillis(random.nextLong(Math.min(limit, 1000) + 1));
    }
}
