// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static ml.clear.agent.runtime.environment.TabbedLine.escaped;
import static ml.clear.agent.runtime.environment.TabbedLine.plain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.runtime.environment.FileTree.Entry;

/**
 * What the cache writes down beside a copy: what it is, and which files it has. A text file of lines, each a word and
 * values with tabs between.
 *
 * @param identity what decided about the environment
 * @param builtAt the path at which it was built
 * @param created when, in milliseconds since 1970
 * @param files every file but compiled modules: path to size and time
 */
record Manifest(SortedMap<String, String> identity, Path builtAt, long created, Map<String, Stamp> files) {

    private static final String FORMAT = "clearml-environment 1";

    Manifest {
        identity = new TreeMap<>(identity);
        files = Collections.unmodifiableMap(files);
    }

    /** How a file is known again. */
    record Stamp(long size, long modified) {}

    static Manifest of(SortedMap<String, String> identity, Path builtAt, long created, List<Entry> entries) {
        return new Manifest(identity, builtAt, created, stamps(entries));
    }

    /** Whether these are the files that were written down, unchanged. */
    boolean describes(List<Entry> entries) {
        return stamps(entries).equals(files);
    }

    private static Map<String, Stamp> stamps(List<Entry> entries) {
        Map<String, Stamp> stamps = HashMap.newHashMap(entries.size());
        for (Entry entry : entries) {
            if (!entry.compiled()) {
                stamps.put(entry.path().toString(), new Stamp(entry.size(), entry.link() ? 0 : entry.modified()));
            }
        }
        return stamps;
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(FORMAT);
        identity.forEach((name, value) -> lines.add("identity\t" + escaped(name) + "\t" + escaped(value)));
        lines.add("built-at\t" + escaped(builtAt.toString()));
        lines.add("created\t" + created);
        files.forEach(
                (path, stamp) -> lines.add("file\t" + escaped(path) + "\t" + stamp.size() + "\t" + stamp.modified()));
        Files.write(file, lines);
    }

    /** Read one; empty when there is none, or one of another format. */
    static Optional<Manifest> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
            return Optional.empty();
        }
        SortedMap<String, String> identity = new TreeMap<>();
        Map<String, Stamp> files = new HashMap<>();
        Path builtAt = Path.of("");
        long created = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "identity" -> identity.put(plain(words[1]), plain(words[2]));
                case "file" ->
                    files.put(plain(words[1]), new Stamp(Long.parseLong(words[2]), Long.parseLong(words[3])));
                case "built-at" -> builtAt = Path.of(plain(words[1]));
                case "created" -> created = Long.parseLong(words[1]);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Manifest(identity, builtAt, created, files));
    }
}
