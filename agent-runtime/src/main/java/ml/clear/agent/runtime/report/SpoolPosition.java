// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.Comparator;

/**
 * A place in a spool.
 *
 * @param segment the number of the segment
 * @param offset bytes from the start of the segment
 */
record SpoolPosition(long segment, long offset) implements Comparable<SpoolPosition> {

    static final SpoolPosition START = new SpoolPosition(0, 0);

    /** After everything. */
    static final SpoolPosition ENDLESS = new SpoolPosition(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final Comparator<SpoolPosition> ORDER =
            Comparator.comparingLong(SpoolPosition::segment).thenComparingLong(SpoolPosition::offset);

    SpoolPosition {
        if (segment < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "no place in a spool: segment '" + segment + "', offset '" + offset + "'");
        }
    }

    /** The place after some more bytes of the same segment. */
    SpoolPosition plus(long bytes) {
        return new SpoolPosition(segment, offset + bytes);
    }

    @Override
    public int compareTo(SpoolPosition other) {
        return ORDER.compare(this, other);
    }
}
