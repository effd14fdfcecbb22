// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One case of a test that is made of files. Many of them stand in one text: a line {@code === TITLE | WORD | WORD} starts a case, a
 * line {@code --- PATH} starts a file of it, and what stands before the first case describes them.
 *
 * @param title what it shows
 * @param words what else the test needs to know
 * @param files text by path, in the order of the text
 */
public record FileCase(String title, List<String> words, Map<String, String> files) {

    /** Copies the collections. */
    public FileCase {
        words = List.copyOf(words);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /**
     * Read them.
     *
     * @param first the path of the file that needs no line of its own; empty when there is none
     */
    public static List<FileCase> read(String text, String first) {
        List<FileCase> all = new ArrayList<>();
        for (String part : text.substring(text.indexOf("\n=== ") + 1).split("(?m)^=== ", -1)) {
            if (!part.isEmpty()) {
                all.add(of(part, first));
            }
        }
        return all;
    }

    private static FileCase of(String part, String first) {
        int end = part.indexOf('\n');
        List<String> head = List.of(part.substring(0, end).split(" \\| ", -1));
        Map<String, String> files = new LinkedHashMap<>();
        String rest = first.isEmpty() ? part.substring(end + 1) : "--- " + first + part.substring(end);
        for (String file : rest.split("(?m)^--- ", -1)) {
            int line = file.indexOf('\n');
            if (line > 0) {
                files.put(file.substring(0, line), file.substring(line + 1));
            }
        }
        return new FileCase(head.getFirst(), head.subList(1, head.size()), files);
    }

    /** What follows the start of a word; empty when no word starts so. */
    public Optional<String> word(String start) {
        return words.stream()
                .filter(word -> word.startsWith(start))
                .map(word -> word.substring(start.length()).strip())
                .findFirst();
    }

    /** Write the files into a folder, each text changed by a function that fills in its placeholders. */
    public void writeTo(Path folder, UnaryOperator<String> filling) {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, filling.apply(file.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
