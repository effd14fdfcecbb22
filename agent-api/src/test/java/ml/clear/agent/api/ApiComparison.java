// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares two descriptions of the API, as the record has them. */
final class ApiComparison {

    private static final String MEMBER = "  ";
    private static final String ABSTRACT = MEMBER + "abstract ";

    private ApiComparison() {}

    /**
     * What a plugin that was built for one version does not find, or must implement, in a later one: removed and changed types and
     * members, and new abstract methods of types that existed. A method that became {@code default} breaks nothing.
     */
    static List<String> broken(List<String> before, List<String> after) {
        Set<String> present = new HashSet<>(after);
        Set<String> types = new HashSet<>();
        TreeSet<String> broken = new TreeSet<>();
        for (String line : before) {
            types.add(line.split(" ", 2)[0]);
            if (!present.contains(line) && !present.contains(line.replace(ABSTRACT, MEMBER + "default "))) {
                broken.add("removed: " + line);
            }
        }
        Set<String> known = new HashSet<>(before);
        for (String line : after) {
            if (line.contains(ABSTRACT) && !known.contains(line) && types.contains(line.split(" ", 2)[0])) {
                broken.add("to implement: " + line);
            }
        }
        return List.copyOf(broken);
    }
}
