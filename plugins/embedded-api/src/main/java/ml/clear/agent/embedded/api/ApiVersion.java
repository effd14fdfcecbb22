// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Comparator;

/** A version of the API. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

    /** The highest version that is served. */
    static final ApiVersion HIGHEST = new ApiVersion(2, 34);

    static final ApiVersion FIRST = new ApiVersion(1, 0);

    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    static ApiVersion of(int major, int minor) {
        return new ApiVersion(major, minor);
    }

    boolean below(int otherMajor, int otherMinor) {
        return compareTo(new ApiVersion(otherMajor, otherMinor)) < 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
