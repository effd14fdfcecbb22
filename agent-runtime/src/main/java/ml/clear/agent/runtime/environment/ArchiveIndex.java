// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static ml.clear.agent.runtime.environment.TabbedLine.escaped;
import static ml.clear.agent.runtime.environment.TabbedLine.plain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an archive says about its environment, as a text of lines, each a word and values with tabs between. No path in it leads
 * out of the folder of the environment, and none goes through a link. Files are read one after the other, since there may be many.
 *
 * @param builtAt the path at which the environment was built
 * @param links links within the environment: path to relative target
 * @param outside links that led out of it and are not in the archive
 * @param text all lines
 */
record ArchiveIndex(Path builtAt, Map<Path, Path> links, List<Path> outside, String text) {

    private static final String FORMAT = "clearml-environment-archive 1";
    private static final String FILE = "file";

    ArchiveIndex {
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

    /** Collects the lines of an index. */
    static final class Builder {

        private final StringBuilder text = new StringBuilder();

        Builder(Path builtAt) {
            text.append(FORMAT).append('\n');
            line("built-at", builtAt.toString());
        }

        void add(FileEntry file) {
            line(
                    FILE,
                    file.path().toString(),
                    file.permissions(),
                    String.valueOf(file.modified()),
                    String.valueOf(file.size()),
                    file.digest());
        }

        void addLink(Path path, Path target) {
            line("link", path.toString(), target.toString());
        }

        void addOutside(Path path) {
            line("outside", path.toString());
        }

        private void line(String word, String... values) {
            text.append(word);
            for (String value : values) {
                text.append('\t').append(escaped(value));
            }
            text.append('\n');
        }

        String text() {
            return text.toString();
        }
    }

    /** Receives files. */
    @FunctionalInterface
    interface FileConsumer {
        void accept(FileEntry file) throws DamagedArchive;
    }

    /** Read one, without its files. */
    static ArchiveIndex read(String text) throws DamagedArchive {
        Iterator<String> lines = text.lines().iterator();
        if (!lines.hasNext() || !lines.next().equals(FORMAT)) {
            throw new DamagedArchive("its index has another format");
        }
        Path builtAt = Path.of("");
        Map<Path, Path> links = new TreeMap<>();
        List<Path> outside = new ArrayList<>();
        try {
            while (lines.hasNext()) {
                String[] words = lines.next().split("\t", -1);
                switch (words[0]) {
                    case FILE -> {}
                    case "built-at" -> builtAt = Path.of(plain(words[1]));
                    case "link" -> links.put(Path.of(plain(words[1])), Path.of(plain(words[2])));
                    case "outside" -> outside.add(Path.of(plain(words[1])));
                    default -> throw new DamagedArchive("its index has a line '" + words[0] + "'");
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) { // no path, or too few values
            throw unreadable(e);
        }
        ArchiveIndex index = new ArchiveIndex(builtAt, links, outside, text);
        index.check();
        return index;
    }

    /** All files, in the order of the archive. */
    void eachFile(FileConsumer consumer) throws DamagedArchive {
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith(FILE + "\t")) {
                FileEntry file = file(line.split("\t", -1));
                checkPath(file.path());
                consumer.accept(file);
            }
        }
    }

    private static FileEntry file(String[] words) throws DamagedArchive {
        try {
            return new FileEntry(
                    Path.of(plain(words[1])), words[2], Long.parseLong(words[3]), Long.parseLong(words[4]), words[5]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) { // no path, no number, too few values
            throw unreadable(e);
        }
    }

    private static DamagedArchive unreadable(RuntimeException e) {
        return new DamagedArchive("its index cannot be read: " + e.getMessage(), e);
    }

    private void check() throws DamagedArchive {
        if (!builtAt.isAbsolute()) {
            throw new DamagedArchive("its index does not say where it was built");
        }
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            checkPath(link.getKey());
            if (!staysInside(link.getKey(), link.getValue())) {
                throw new DamagedArchive("'" + link.getKey() + "' links to '" + link.getValue() + "'");
            }
        }
        for (Path path : outside) {
            checkPath(path);
        }
    }

    private void checkPath(Path path) throws DamagedArchive {
        if (path.isAbsolute()
                || path.toString().isEmpty()
                || path.startsWith("..")
                || !path.normalize().equals(path)) {
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
