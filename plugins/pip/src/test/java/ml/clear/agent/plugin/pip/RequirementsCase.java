// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A requirements file that both agents read; {@code requirements-files.txt} lists them and describes their form.
 *
 * @param title what it shows
 * @param list whether it is the task's own list rather than a file of the repository
 * @param difference the subject in {@code docs/compatibility.md} under which the two agents differ
 * @param files text by path; the first one is the requirements file
 */
record RequirementsCase(String title, boolean list, Optional<String> difference, Map<String, String> files) {

    static final String FILE = "requirements.txt";

    static List<RequirementsCase> all() {
        List<RequirementsCase> all = new ArrayList<>();
        String text = text();
        for (String part : text.substring(text.indexOf("\n=== ") + 1).split("(?m)^=== ", -1)) {
            if (!part.isEmpty()) {
                all.add(of(part));
            }
        }
        return all;
    }

    private static RequirementsCase of(String part) {
        int end = part.indexOf('\n');
        String[] head = part.substring(0, end).split(" \\| ", -1);
        Map<String, String> files = new LinkedHashMap<>();
        for (String file : ("--- " + FILE + part.substring(end)).split("(?m)^--- ", -1)) {
            if (!file.isEmpty()) {
                int first = file.indexOf('\n');
                files.put(file.substring(0, first), file.substring(first + 1));
            }
        }
        boolean list = false;
        Optional<String> difference = Optional.empty();
        for (String word : List.of(head).subList(1, head.length)) {
            if (word.startsWith("differs: ")) {
                difference = Optional.of(word.substring("differs: ".length()));
            } else if (word.equals("list")) {
                list = true;
            } else {
                throw new IllegalArgumentException("'" + word + "' of '" + head[0] + "' has no meaning");
            }
        }
        return new RequirementsCase(head[0], list, difference, files);
    }

    /** Write the files; returns the text of the requirements file. */
    String writeTo(Path folder, RequirementsPackages packages) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(path.getParent()));
            Files.writeString(path, packages.filled(file.getValue(), folder));
        }
        return Files.readString(folder.resolve(FILE));
    }

    private static String text() {
        try (InputStream stream = RequirementsCase.class.getResourceAsStream("requirements-files.txt")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
