// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;

/** How long to wait after a failure: twice as long each time, up to a limit, until something succeeds. Safe for several threads. */
final class FailureBackoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    FailureBackoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest.compareTo(first) < 0 ? first : longest;
        this.next = first;
    }

    /** Something failed; how long to wait now. */
    synchronized Duration afterFailure() {
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return pause;
    }

    /** Something succeeded. */
    synchronized void reset() {
        next = first;
    }
}
