// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sources of all test classes and contract suites of the repository, by the name of the class.
 *
 * @param texts of two classes with one name, both
 */
record TestSources(Map<String, String> texts) {

    private static final Pattern ABOVE = Pattern.compile("class \\w+ extends (\\w+)");
    private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT|Contract|Suite))\\.java");

    static TestSources read() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        Files.walkFileTree(Path.of(System.getProperty("repository")), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = String.valueOf(folder.getFileName());
                boolean source = !name.equals("target") && !name.startsWith("."); // others change while tests run
                return source ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Matcher test = TEST.matcher(file.getFileName().toString());
                if (test.matches()) {
                    texts.merge(test.group(1), Files.readString(file), String::concat);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new TestSources(texts);
    }

    /** Whether a class, or the one that it extends, as the suites of contracts are, has a method. */
    boolean has(String type, String method) {
        return Optional.ofNullable(texts.get(type))
                .filter(source -> source.contains("void " + method + "(") || hasAbove(source, method))
                .isPresent();
    }

    private boolean hasAbove(String source, String method) {
        Matcher above = ABOVE.matcher(source);
        return above.find() && has(above.group(1), method);
    }
}
