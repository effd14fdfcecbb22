// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;

/**
 * Returns memory to the system after heavy load. The JVM shrinks its heap only during a collection, and an idle server
 * allocates too little to trigger one; so this triggers one collection when the load ends. Polling agents do not count
 * as load.
 */
final class MemoryRelease {

    static final Duration PERIOD = Duration.ofSeconds(20);

    private static final long QUIET_REQUESTS = 10 * PERIOD.toSeconds();
    /** The serial collector shrinks the heap by nothing, a tenth, two fifths and the rest of what it may. */
    private static final int STEPS_OF_SHRINKING = 4;

    private static final long WORTH_IT_BYTES = 4 << 20;

    private final Activity activity;
    private final Runtime runtime = Runtime.getRuntime();
    private long requests;
    private long heap;

    MemoryRelease(Activity activity) {
        this.activity = activity;
    }

    /** Look once, every {@link #PERIOD}; from one thread. */
    void look() {
        long now = activity.requests();
        boolean quiet = now - requests < QUIET_REQUESTS;
        requests = now;
        if (quiet && runtime.totalMemory() > heap + WORTH_IT_BYTES) {
            for (int step = 0; step < STEPS_OF_SHRINKING; step++) {
                System.gc();
            }
            heap = runtime.totalMemory();
        }
    }
}
