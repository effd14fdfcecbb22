// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of plugins that are off, or that alone are on; see {@code docs/plugins.md}. Comments stay.
 *
 * @param file the list, which need not exist
 */
record SwitchFile(Path file) {

    static SwitchFile disabled(Path folder) {
        return new SwitchFile(folder.resolve("disabled.txt"));
    }

    static SwitchFile enabled(Path folder) {
        return new SwitchFile(folder.resolve("enabled.txt"));
    }

    void add(String id) throws IOException {
        List<String> lines = lines();
        if (!lines.contains(id)) {
            lines.add(id);
            write(lines);
        }
    }

    /** Add to a list that has an entry; an empty one means that all plugins are on. */
    void addIfUsed(String id) throws IOException {
        if (lines().stream().anyMatch(line -> !line.isEmpty() && !line.startsWith("#"))) {
            add(id);
        }
    }

    void remove(String id) throws IOException {
        List<String> lines = lines();
        if (lines.removeIf(id::equals)) {
            write(lines);
        }
    }

    private List<String> lines() throws IOException {
        return Files.exists(file)
                ? new ArrayList<>(
                        Files.readAllLines(file).stream().map(String::strip).toList())
                : new ArrayList<>();
    }

    private void write(List<String> lines) throws IOException {
        Path beside = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        Files.writeString(beside, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
