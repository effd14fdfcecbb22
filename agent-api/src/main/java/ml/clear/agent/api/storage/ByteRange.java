// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/**
 * A part of an object.
 *
 * @param first the offset of its first byte
 * @param length its bytes, -1 for all up to the end
 */
@Stability.Incubating(since = "0.1")
public record ByteRange(long first, long length) {

    /** The whole object. */
    public static final ByteRange ALL = new ByteRange(0, -1);

    /** Checks the bounds. */
    public ByteRange {
        if (first < 0 || length < -1) {
            throw new IllegalArgumentException("no range of bytes: " + length + " from " + first);
        }
    }

    /** All bytes from an offset on. */
    public static ByteRange from(long first) {
        return new ByteRange(first, -1);
    }

    /** Whether it is the whole object. */
    public boolean isAll() {
        return first == 0 && length == -1;
    }

    /** As the value of an HTTP {@code Range} header. */
    public String header() {
        return "bytes=" + first + "-" + (length < 0 ? "" : first + length - 1);
    }
}
