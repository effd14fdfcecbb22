// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static ml.clear.agent.runtime.environment.TabbedLine.escaped;
import static ml.clear.agent.runtime.environment.TabbedLine.plain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an archive says about its environment, as a text of lines, each a word and values with tabs between. No path in it leads
 * out of the folder of the environment, and none goes through a link.
 *
 * @param builtAt the path at which the environment was built
 * @param files all files
 * @param links links within the environment: path to relative target
 * @param outside links that led out of it and are not in the archive
 */
record ArchiveIndex(Path builtAt, List<FileEntry> files, Map<Path, Path> links, List<Path> outside) {

    private static final String FORMAT = "clearml-environment-archive 1";

    ArchiveIndex {
        files = List.copyOf(files);
        links = Map.copyOf(links);
        outside = List.copyOf(outside);
    }

    /**
     * A file.
     *
     * @param permissions such as {@code rw-r--r--}
     * @param modified in milliseconds since 1970
     * @param digest SHA-256 of its content, in hexadecimal
     */
    record FileEntry(Path path, String permissions, long modified, long size, String digest) {}

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(FORMAT);
        lines.add("built-at\t" + escaped(builtAt.toString()));
        files.forEach(file -> lines.add("file\t" + escaped(file.path().toString()) + "\t" + file.permissions() + "\t"
                + file.modified() + "\t" + file.size() + "\t" + file.digest()));
        links.forEach(
                (path, target) -> lines.add("link\t" + escaped(path.toString()) + "\t" + escaped(target.toString())));
        outside.forEach(path -> lines.add("outside\t" + escaped(path.toString())));
        return String.join("\n", lines) + "\n";
    }

    /** Read one. */
    static ArchiveIndex read(String text) throws DamagedArchive {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
            throw new DamagedArchive("its index has another format");
        }
        Path builtAt = Path.of("");
        List<FileEntry> files = new ArrayList<>();
        Map<Path, Path> links = new HashMap<>();
        List<Path> outside = new ArrayList<>();
        try {
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.split("\t", -1);
                Path path = Path.of(plain(words[1]));
                switch (words[0]) {
                    case "built-at" -> builtAt = path;
                    case "file" ->
                        files.add(new FileEntry(
                                path, words[2], Long.parseLong(words[3]), Long.parseLong(words[4]), words[5]));
                    case "link" -> links.put(path, Path.of(plain(words[2])));
                    case "outside" -> outside.add(path);
                    default -> throw new DamagedArchive("its index has a line '" + words[0] + "'");
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) { // no path, no number, too few values
            throw new DamagedArchive("its index cannot be read: " + e.getMessage(), e);
        }
        ArchiveIndex index = new ArchiveIndex(builtAt, files, links, outside);
        index.check();
        return index;
    }

    private void check() throws DamagedArchive {
        if (!builtAt.isAbsolute()) {
            throw new DamagedArchive("its index does not say where it was built");
        }
        Set<Path> seen = new HashSet<>();
        for (FileEntry file : files) {
            checkPath(file.path(), seen);
        }
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            checkPath(link.getKey(), seen);
            if (!staysInside(link.getKey(), link.getValue())) {
                throw new DamagedArchive("'" + link.getKey() + "' links to '" + link.getValue() + "'");
            }
        }
        for (Path path : outside) {
            checkPath(path, seen);
        }
    }

    private void checkPath(Path path, Set<Path> seen) throws DamagedArchive {
        if (path.isAbsolute()
                || path.toString().isEmpty()
                || path.startsWith("..")
                || !path.normalize().equals(path)
                || !seen.add(path)) {
            throw new DamagedArchive("it has an entry '" + path + "'");
        }
        for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
            if (links.containsKey(folder)) {
                throw new DamagedArchive("it has an entry '" + path + "' below a link");
            }
        }
    }

    /** Whether a relative target of a link does not lead out of the environment. */
    static boolean staysInside(Path link, Path target) {
        return !target.isAbsolute() && !link.resolveSibling(target).normalize().startsWith("..");
    }
}
