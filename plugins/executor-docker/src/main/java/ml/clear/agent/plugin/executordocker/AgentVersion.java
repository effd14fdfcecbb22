// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A released version of the agent; those before a release, such as {@code 1.0.0-rc1}, are none.
 *
 * @param major changes with what agents of other versions cannot read; 0 before the first stable release
 * @param minor changes with such things too as long as {@link #major} is 0
 */
record AgentVersion(int major, int minor, int patch) implements Comparable<AgentVersion> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");
    private static final Comparator<AgentVersion> ORDER = Comparator.comparingInt(AgentVersion::major)
            .thenComparingInt(AgentVersion::minor)
            .thenComparingInt(AgentVersion::patch);

    static Optional<AgentVersion> of(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new AgentVersion(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3))))
                : Optional.empty();
    }

    /** Whether agents of both versions understand each other's executions. */
    boolean isCompatibleWith(AgentVersion other) {
        return major == other.major && (major > 0 || minor == other.minor);
    }

    @Override
    public int compareTo(AgentVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
