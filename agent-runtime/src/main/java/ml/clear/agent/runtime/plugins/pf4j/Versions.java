// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.regex.Pattern;
import org.pf4j.DefaultVersionManager;
import org.pf4j.VersionManager;

/** Compares versions with ranges, both semantic. */
final class Versions {

    private static final Pattern EXACT = Pattern.compile("\\d+\\.\\d+\\.\\d+");

    private final VersionManager semantic = new DefaultVersionManager();

    /** Whether a version lies in a range. As everywhere in pf4j, a bare version such as {@code 1.2.0} is the lowest one. */
    boolean matches(String version, String range) {
        String trimmed = range.strip();
        String constraint = EXACT.matcher(trimmed).matches() ? ">=" + trimmed : trimmed;
        try {
            return semantic.checkVersionConstraint(version, constraint);
        } catch (RuntimeException e) {
            // Each layer of the parser throws another unrelated unchecked exception, with a message for programmers.
            throw Reasons.refused(
                    "'" + range + "' is no range of versions",
                    "correct it in the plugin's descriptor, for instance to '>=1.2.0 & <2.0.0'");
        }
    }

    /** Whether a text is a version such as {@code 1.2.0} or {@code 1.2.0-rc.1}. */
    boolean isVersion(String text) {
        try {
            return semantic.compareVersions(text, text) == 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
