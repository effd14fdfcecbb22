// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * {@code plugins.lock} of a plugins folder: what was installed there, from where, and the digest of its file. One line a
 * plugin, sorted by id, so that the file can be kept under version control.
 */
public final class PluginLock {

    /** The name of the file. */
    public static final String NAME = "plugins.lock";

    private static final String HEADING = "# id version file sha256 source; written by 'clearml-agent plugins install'";

    private final Path folder;
    private final Map<String, Entry> entries;

    private PluginLock(Path folder, Map<String, Entry> entries) {
        this.folder = folder;
        this.entries = entries;
    }

    /**
     * The lock of a plugins folder; empty where there is none.
     *
     * @throws AgentException {@code FILE_SYSTEM} when it cannot be read or has another form
     */
    public static PluginLock read(Path folder) {
        Path file = folder.resolve(NAME);
        Map<String, Entry> entries = new TreeMap<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    String[] parts = line.split(" ", 5);
                    if (parts.length != 5) {
                        throw unusable(file + ":" + (i + 1) + ": '" + line + "' is no entry of a lock", null);
                    }
                    entries.put(parts[0], new Entry(parts[0], parts[1], parts[2], parts[3], parts[4]));
                }
            }
        } catch (NoSuchFileException e) {
            return new PluginLock(folder, entries);
        } catch (IOException e) {
            throw unusable("'" + file + "' cannot be read: " + e, e);
        }
        return new PluginLock(folder, entries);
    }

    /** What was installed as this id. */
    Optional<Entry> entry(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** What was installed, by id. */
    Collection<Entry> entries() {
        return List.copyOf(entries.values());
    }

    void put(Entry entry) {
        entries.put(entry.id(), entry);
    }

    void remove(String id) {
        entries.remove(id);
    }

    /** Write it; a reader sees all of the old or all of the new. */
    void save() throws IOException {
        StringBuilder text = new StringBuilder(HEADING).append('\n');
        entries.values().forEach(entry -> text.append(entry.line()).append('\n'));
        Path file = folder.resolve(NAME);
        Path beside = folder.resolve("." + NAME + "." + ProcessHandle.current().pid());
        Files.write(beside, text.toString().getBytes(StandardCharsets.UTF_8));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The differences from what was installed: files that are missing or have other bytes.
     *
     * @return one line each
     */
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (Entry entry : entries.values()) {
            Path file = folder.resolve(entry.file());
            if (!Files.exists(file)) {
                differences.add("plugin '" + entry.id() + "' " + entry.version() + " (" + file
                        + ") is in " + NAME + ", and its file is missing; install it again from " + entry.source()
                        + ", or run 'clearml-agent plugins remove " + entry.id() + "'");
            } else if (!Digest.of(file).equals(entry.sha256())) {
                differences.add("plugin '" + entry.id() + "' " + entry.version() + " (" + file
                        + ") has changed since it was installed: its SHA-256 is not the one in " + NAME
                        + "; install it again from " + entry.source());
            }
        }
        return differences;
    }

    private static AgentException unusable(String cause, @Nullable IOException exception) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM, cause + "; correct the file, or delete it to forget the digests", exception);
    }

    /**
     * One installed plugin.
     *
     * @param file its file in the folder
     * @param sha256 the digest of the file, in hex digits
     * @param source where it came from, for people
     */
    record Entry(String id, String version, String file, String sha256, String source) {

        private String line() {
            return String.join(" ", id, version, file, sha256, source.replaceAll("\\s+", " "));
        }
    }
}
