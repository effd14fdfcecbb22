// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * Which settings each installed plugin declared when it was last started, kept in a file: once a plugin is corrupt or removed
 * it can no longer be asked, and its keys in a configuration are no mistakes.
 */
final class RememberedSettings {

    private static final Logger LOG = System.getLogger(RememberedSettings.class.getName());

    private final Path file;
    private final Map<String, Entry> known;
    private final Map<String, Entry> entries;

    private RememberedSettings(Path file, Map<String, Entry> known) {
        this.file = file;
        this.known = known;
        this.entries = new TreeMap<>(known);
    }

    /** The content of a file; empty when it does not exist or cannot be read. */
    static RememberedSettings read(Path file) {
        Map<String, Entry> known = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(" ", 4);
                if (parts.length == 4) {
                    Set<String> keys = new TreeSet<>(Arrays.asList(parts[2].split(",", -1)));
                    known.put(parts[0], new Entry(parts[1], keys, Path.of(parts[3])));
                }
            }
        } catch (NoSuchFileException e) {
            return new RememberedSettings(file, known);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot read " + file, e);
        }
        return new RememberedSettings(file, known);
    }

    /** What is known by plugin id. */
    Map<String, Entry> entries() {
        return Map.copyOf(entries);
    }

    /** What the plugin in a file declared. */
    Optional<Entry> ofOrigin(Path origin) {
        return entries.values().stream()
                .filter(entry -> entry.origin().equals(origin))
                .findFirst();
    }

    /** A plugin was started and declares these keys. */
    void started(String id, String version, Set<String> keys, Path origin) {
        if (keys.isEmpty() || origin.toString().indexOf('\n') >= 0) {
            entries.remove(id);
        } else {
            entries.put(id, new Entry(version, new TreeSet<>(keys), origin));
        }
    }

    /** Write the file if something has changed. */
    void save() {
        if (entries.equals(known)) {
            return;
        }
        StringBuilder text = new StringBuilder();
        entries.forEach((id, entry) -> text.append(id)
                .append(' ')
                .append(entry.version())
                .append(' ')
                .append(String.join(",", entry.keys()))
                .append(' ')
                .append(entry.origin())
                .append('\n'));
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                OwnerOnly.createFolders(folder);
            }
            Path own = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(own);
            OwnerOnly.write(own, text.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(own, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot write " + file, e);
        }
    }

    /**
     * What one plugin declared.
     *
     * @param version its version then
     * @param keys the keys of its settings
     * @param origin where it was
     */
    record Entry(String version, Set<String> keys, Path origin) {}
}
