// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pf4j.PluginDependency;

/**
 * Finds plugins that depend on themselves.
 *
 * @param found all plugins by id
 */
record Cycles(Map<String, Discovered> found) {

    /** The way from a plugin along dependencies back to itself, if there is one. */
    Optional<List<String>> through(String id) {
        return way(id, id, new HashSet<>());
    }

    private Optional<List<String>> way(String from, String to, Set<String> seen) {
        Discovered plugin = found.get(from);
        if (plugin == null || !seen.add(from)) {
            return Optional.empty();
        }
        for (PluginDependency dependency : plugin.descriptor().getDependencies()) {
            String next = dependency.getPluginId();
            Optional<List<String>> rest = next.equals(to) ? Optional.of(List.of(to)) : way(next, to, seen);
            if (rest.isPresent()) {
                return rest.map(
                        steps -> Stream.concat(Stream.of(from), steps.stream()).toList());
            }
        }
        return Optional.empty();
    }
}
