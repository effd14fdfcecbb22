// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The references of a bare repository, read from its files: a command of git costs more than the checkout of a small
 * repository. Mirrors and snapshots are made in this format, see {@link GitProgram}.
 *
 * @param head the full name of the branch that HEAD names, or the commit of a detached HEAD
 * @param objects the objects by the full names of the references
 * @param peeled the commits of annotated tags by the full names of the tags, as far as git has noted them
 */
record References(String head, NavigableMap<String, String> objects, NavigableMap<String, String> peeled) {

    private static final String SYMBOLIC = "ref: ";
    private static final Pattern PACKED = Pattern.compile("([0-9a-f]{40,64}) (refs/.+)");
    private static final Pattern OBJECT = Pattern.compile("[0-9a-f]{40,64}");

    /** Read the references of a repository. */
    static References of(Path repository) throws IOException {
        String head = text(repository.resolve("HEAD"));
        References references = new References(
                head.startsWith(SYMBOLIC) ? head.substring(SYMBOLIC.length()).strip() : head,
                new TreeMap<>(),
                new TreeMap<>());
        references.readPacked(repository.resolve("packed-refs"));
        references.readLoose(repository);
        return references;
    }

    /** The commit of a branch by its full name or of HEAD, or a commit that is the tip of some branch. */
    Optional<String> commit(String expression) {
        String branch = expression.equals("HEAD") ? head : expression;
        if (branch.startsWith(GitRepository.MIRROR_BRANCHES)) {
            return Optional.ofNullable(objects.get(branch));
        }
        NavigableMap<String, String> branches = below(GitRepository.MIRROR_BRANCHES);
        return Optional.of(branch).filter(branches::containsValue);
    }

    /** The references whose full names begin with a prefix. */
    NavigableMap<String, String> below(String prefix) {
        return objects.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
    }

    private void readPacked(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        String name = "";
        for (String line : text(file).split("\n")) {
            Matcher packed = PACKED.matcher(line);
            if (packed.matches()) {
                name = packed.group(2);
                objects.put(name, packed.group(1));
            } else if (line.startsWith("^")) {
                peeled.put(name, line.substring(1));
            }
        }
    }

    private void readLoose(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository.resolve("refs"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String object = text(file);
                if (OBJECT.matcher(object).matches()) {
                    String name = repository.relativize(file).toString();
                    objects.put(name, object);
                    peeled.remove(name);
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException("'" + repository + "' is no whole repository: it has no folder 'refs'", e);
        }
    }

    /** A name may have any encoding; each of its bytes is one character here. */
    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    }
}
