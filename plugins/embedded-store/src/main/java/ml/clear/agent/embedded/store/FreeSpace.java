// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

/**
 * Gives the space that deletions left free in the file back to the file system, a slice at a time, so that other writes wait
 * for milliseconds. A part is kept for what is written next.
 */
public final class FreeSpace {

    private static final int SLICE = 500;
    /** Four megabytes, for the usual size of a page. */
    private static final long KEPT = 1000;

    private FreeSpace() {}

    /** Whether enough is free that {@link #release} should run; reads only. */
    public static boolean isLarge(Session session) {
        long free = session.number("PRAGMA freelist_count");
        return free > 2 * KEPT && free > session.number("PRAGMA page_count") / 10;
    }

    /** Release a slice; false when no more than the kept part is left. For the writer's thread. */
    public static boolean release(Session session) {
        session.execute("PRAGMA incremental_vacuum(" + SLICE + ")");
        return session.number("PRAGMA freelist_count") > KEPT;
    }
}
