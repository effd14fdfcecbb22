// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a {@code Range} header asks for.
 *
 * @param first the first byte, from 0
 * @param last the last byte, included
 * @param partial whether it is less than the whole
 * @param satisfiable whether there is such a part
 */
record ByteRange(long first, long last, boolean partial, boolean satisfiable) {

    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The range of a header for a file of this size; an unsupported header means the whole file. */
    static ByteRange of(@Nullable String header, long size) {
        Matcher matcher = FORM.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new ByteRange(0, size - 1, false, true);
        }
        if (matcher.group(1).isEmpty()) {
            long tail = Math.min(Long.parseLong(matcher.group(2)), size);
            return new ByteRange(size - tail, size - 1, true, tail > 0);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(matcher.group(2)), size - 1);
        return new ByteRange(first, last, true, first <= last);
    }

    long length() {
        return last - first + 1;
    }
}
