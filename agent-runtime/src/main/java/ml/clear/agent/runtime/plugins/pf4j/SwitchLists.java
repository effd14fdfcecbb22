// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lists that disable plugins, in pf4j's form: {@code disabled.txt} and {@code enabled.txt} in a plugins folder, one
 * id a line, {@code #} before a comment. The lists of all folders count for all plugins, so that a user can disable
 * what an administrator installed. Once an enabled list names any plugin, plugins that no enabled list names are
 * disabled.
 */
final class SwitchLists {

    private final Map<Path, List<String>> disabled = new LinkedHashMap<>();
    private final Map<Path, List<String>> enabled = new LinkedHashMap<>();

    private SwitchLists() {}

    static SwitchLists read(List<Path> folders) {
        SwitchLists lists = new SwitchLists();
        for (Path folder : folders) {
            lists.read(folder.resolve("disabled.txt"), lists.disabled);
            lists.read(folder.resolve("enabled.txt"), lists.enabled);
        }
        return lists;
    }

    /** Why a plugin is off; empty when it is on. */
    Optional<String> reasonOff(String id) {
        for (Map.Entry<Path, List<String>> list : disabled.entrySet()) {
            if (list.getValue().contains(id)) {
                return Optional.of("listed in " + list.getKey());
            }
        }
        boolean off = !enabled.isEmpty() && enabled.values().stream().noneMatch(ids -> ids.contains(id));
        return off ? Optional.of("not listed in " + enabled.keySet().iterator().next()) : Optional.empty();
    }

    private void read(Path file, Map<Path, List<String>> lists) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            List<String> ids = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
            if (!ids.isEmpty()) {
                lists.put(file, ids);
            }
        } catch (IOException | UncheckedIOException e) {
            throw Reasons.unreadable(file.toString(), e);
        }
    }
}
