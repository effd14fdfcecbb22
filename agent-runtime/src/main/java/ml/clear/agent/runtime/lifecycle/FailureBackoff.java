// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.time.Duration;

/** How long to wait after a failure: twice as long each time, up to a limit, until something succeeds. Safe for several threads. */
public final class FailureBackoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    /**
     * A back-off that has seen no failure.
     *
     * @param first the first pause
     * @param longest the longest one, unless the first is longer
     */
    public FailureBackoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest.compareTo(first) < 0 ? first : longest;
        this.next = first;
    }

    /** Something failed; how long to wait now. */
    public synchronized Duration afterFailure() {
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return pause;
    }

    /** Something succeeded. */
    public synchronized void reset() {
        next = first;
    }
}
