// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what must come true. */
final class Eventually {

    private static final Duration LONGEST = Duration.ofSeconds(90);

    private Eventually() {}

    static void holds(String what, Callable<Boolean> condition) throws Exception {
        holds(what, LONGEST, condition);
    }

    static void holds(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(limit.toNanos());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
