// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The lines that introduce one file of a patch.
 *
 * @param lines with their ends, as {@link PatchReader} reads them
 */
record FileHeader(List<String> lines) {

    private static final String GIT = "diff --git ";
    private static final String OLD = "--- ";
    private static final String NEW = "+++ ";
    private static final String NOTHING = "/dev/null";

    FileHeader {
        lines = List.copyOf(lines);
    }

    /**
     * Whether names are written without the usual first element ({@code a/}, {@code b/}), as with {@code diff.noprefix}: then
     * old and new name are the same. git would drop the first folder, and might change another file.
     */
    boolean lacksPrefix() {
        Optional<String> names = value(GIT);
        if (names.isPresent()) {
            Optional<String> from = value("rename from ").or(() -> value("copy from "));
            Optional<String> to = value("rename to ").or(() -> value("copy to "));
            boolean moves = from.isPresent() && to.isPresent();
            return moves ? names.get().equals(from.get() + " " + to.get()) : isTwice(names.get());
        }
        String old = value(OLD).map(FileHeader::withoutTime).orElse(NOTHING);
        return !old.equals(NOTHING)
                && value(NEW).map(FileHeader::withoutTime).filter(old::equals).isPresent();
    }

    /** The file that is changed, where it is neither made, removed nor moved; a path relative to the root. */
    Optional<String> changed() {
        if (lines.stream()
                .anyMatch(line -> line.startsWith("new file ")
                        || line.startsWith("deleted file ")
                        || line.startsWith("rename ")
                        || line.startsWith("copy "))) {
            return Optional.empty();
        }
        return source();
    }

    /** The file that existed before. */
    Optional<String> source() {
        return value(OLD)
                .map(FileHeader::withoutTime)
                .filter(name -> !name.equals(NOTHING))
                .map(this::path);
    }

    /** The file that exists afterwards. */
    Optional<String> target() {
        return value(NEW)
                .map(FileHeader::withoutTime)
                .filter(name -> !name.equals(NOTHING))
                .map(this::path)
                .or(() -> value("rename to ").or(() -> value("copy to ")).map(FileHeader::unquoted));
    }

    boolean isSubmodule() {
        return lines.stream()
                .map(String::strip)
                .anyMatch(line ->
                        line.endsWith(" 160000") && (line.startsWith("index ") || line.startsWith("new file ")));
    }

    /** The same with the usual first elements of names. */
    FileHeader withPrefix() {
        return new FileHeader(lines.stream().map(FileHeader::prefixed).toList());
    }

    /** The same as the addition of a file. */
    FileHeader asAddition() {
        return new FileHeader(lines.stream()
                .filter(line -> !line.startsWith("index "))
                .map(line -> line.startsWith(OLD) ? "new file mode 100644\n" + OLD + NOTHING + "\n" : line)
                .toList());
    }

    private static String prefixed(String line) {
        if (line.startsWith(GIT)) {
            String names = line.substring(GIT.length()).stripTrailing();
            int middle = names.length() / 2;
            // for a move, only the lines that name both files are used
            return isTwice(names)
                    ? GIT + prefixed("a/", names.substring(0, middle)) + " "
                            + prefixed("b/", names.substring(middle + 1)) + "\n"
                    : line;
        }
        if ((line.startsWith(OLD) || line.startsWith(NEW)) && !line.startsWith(NOTHING, OLD.length())) {
            String prefix = line.startsWith(OLD) ? "a/" : "b/";
            return line.substring(0, OLD.length()) + prefixed(prefix, line.substring(OLD.length()));
        }
        return line;
    }

    private static String prefixed(String prefix, String name) {
        return name.startsWith("\"") ? "\"" + prefix + name.substring(1) : prefix + name;
    }

    private static boolean isTwice(String names) {
        int middle = names.length() / 2;
        return names.length() % 2 == 1
                && names.charAt(middle) == ' '
                && names.substring(0, middle).equals(names.substring(middle + 1));
    }

    private Optional<String> value(String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replaceAll("[\r\n]+$", ""))
                .findFirst();
    }

    /** A name ends at a tab; what follows is a time. */
    private static String withoutTime(String name) {
        int tab = name.indexOf('\t');
        return tab < 0 ? name : name.substring(0, tab);
    }

    private String path(String name) {
        String plain = unquoted(name);
        return lacksPrefix() ? plain : plain.substring(plain.indexOf('/') + 1);
    }

    /** A name as git writes it in quotes where it has unusual characters. */
    static String unquoted(String name) {
        if (name.length() < 2 || !name.startsWith("\"") || !name.endsWith("\"")) {
            return utf8(name.getBytes(StandardCharsets.ISO_8859_1));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i < name.length() - 1; i++) {
            char letter = name.charAt(i);
            if (letter != '\\') {
                bytes.write(letter);
            } else if (name.substring(i + 1).matches("(?s)[0-3][0-7]{2}.*")) {
                bytes.write(Integer.parseInt(name.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                i++;
                bytes.write(escaped(name.charAt(i)));
            }
        }
        return utf8(bytes.toByteArray());
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'a' -> '\u0007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'v' -> '\u000b';
            default -> letter;
        };
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
