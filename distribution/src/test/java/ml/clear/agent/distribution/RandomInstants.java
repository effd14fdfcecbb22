// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Random instants: 20 with -Dsoak, else 5; the same ones again with -Dinstants.seed. */
final class RandomInstants {

    private static final int COUNT = Boolean.getBoolean("soak") ? 20 : 5;

    private final long seed = Long.getLong("instants.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** What happens at an instant. */
    interface Event {
        void happen(int number) throws Exception;
    }

    /** Let something happen at each, after the next part of a second and a half. */
    void each(Event event) throws Exception {
        try {
            for (int number = 0; number < COUNT; number++) {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(1_500_000));
                event.happen(number);
            }
        } catch (Exception | AssertionError e) {
            throw failed(e);
        }
    }

    /** What the instants lead to; a failure prints the seed that repeats them. */
    void afterwards(Event event) throws Exception {
        try {
            event.happen(COUNT);
        } catch (Exception | AssertionError e) {
            throw failed(e);
        }
    }

    private AssertionError failed(Throwable cause) {
        return new AssertionError(
                "the instants are those of -Dinstants.seed=" + seed + ": " + cause.getMessage(), cause);
    }
}
