// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing pauses with full jitter, so that many agents do not come back to a server at the same moment. */
final class Backoff {

    /** Beyond this many doublings the longest pause has been reached whatever the first one was. */
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
     * @param asked what the other side asks for, the least that is waited
     */
    Duration pause(int repetition, Duration asked) {
        long first = settings.firstPause().toMillis();
        long longest = settings.longestPause().toMillis();
        long doubled = first << Math.min(repetition - 1, DOUBLINGS);
        long limit = doubled < first ? longest : Math.min(doubled, longest);
        Duration drawn = Duration.ofMillis(random.nextLong(limit + 1));
        // the server's word, and jitter on top, or all that it told would come back together
        return asked.isZero() ? drawn : asked.plusMillis(random.nextLong(Math.min(limit, 1000) + 1));
    }
}
