// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.conda.CondaPrefix.PrefixedFile;
import ml.clear.agent.plugin.pythonsupport.CommandScript;
import ml.clear.agent.plugin.pythonsupport.Replacement;

/**
 * Makes a copy of a conda environment work at its new path: in the files in which clients wrote the path, in commands and in
 * {@code .pth} files. In files that are no text the new path must not be longer than the old one. Each changed file is replaced,
 * so that hard links to the original are not modified.
 */
final class CondaRelocation {

    private static final long LARGEST_SCRIPT = 4L << 20;

    private final CondaPrefix copy;
    private final Path from;
    private final String before;
    private final String now;

    private CondaRelocation(CondaPrefix copy, Path from) {
        this.copy = copy;
        this.from = from;
        this.before = asBytes(from.toString());
        this.now = asBytes(copy.folder().toString());
    }

    /**
     * Correct a copy.
     *
     * @param from where the original was built
     * @return whether the copy can be used
     * @throws AgentException {@code FILE_SYSTEM} when a file cannot be read or written
     */
    static boolean of(CondaPrefix copy, Path from) {
        try {
            return from.equals(copy.folder()) || new CondaRelocation(copy, from).move();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot adapt the copied environment in '" + copy.folder() + "': " + e.getMessage(),
                    e);
        }
    }

    private boolean move() throws IOException {
        Map<Path, Boolean> files = new LinkedHashMap<>();
        collect(files, copy.commands(), "*");
        for (Path packages : copy.packageFolders()) {
            collect(files, packages, "*.{pth,egg-link}");
        }
        for (PrefixedFile file : copy.prefixedFiles()) {
            files.put(copy.folder().resolve(file.path()), file.binary());
        }
        for (Map.Entry<Path, Boolean> file : files.entrySet()) {
            if (Files.isRegularFile(file.getKey(), LinkOption.NOFOLLOW_LINKS)
                    && !(file.getValue() ? moveBinary(file.getKey()) : moveText(file.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static void collect(Map<Path, Boolean> files, Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var entries = Files.newDirectoryStream(folder, pattern)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && Files.size(entry) <= LARGEST_SCRIPT) {
                    files.put(entry, false);
                }
            }
        }
    }

    private boolean moveText(Path file) throws IOException {
        String text = read(file);
        if (!text.contains(before) || text.indexOf('\0') >= 0) {
            return true; // programs are corrected only where their package says so
        }
        Optional<String> script = CommandScript.moved(text, asBytes(from), asBytes(copy.folder()));
        if (script.isEmpty()
                && text.startsWith("#!" + before)
                && (now.contains(" ") || now.length() > before.length())) {
            return false; // the kernel may not read the longer first line
        }
        write(file, script.orElse(text).replace(before, now));
        return true;
    }

    /** Texts in a program end with a zero byte; the rest of the old text is filled with more of them. */
    private boolean moveBinary(Path file) throws IOException {
        String content = read(file);
        if (!content.contains(before)) {
            return true;
        }
        if (now.length() > before.length()) {
            return false;
        }
        StringBuilder moved = new StringBuilder(content.length());
        int done = 0;
        for (int at = content.indexOf(before); at >= 0; at = content.indexOf(before, done)) {
            int end = content.indexOf('\0', at);
            end = end < 0 ? content.length() : end;
            String text = content.substring(at, end).replace(before, now);
            moved.append(content, done, at).append(text).append("\0".repeat(end - at - text.length()));
            done = end;
        }
        write(file, moved.append(content, done, content.length()).toString());
        return true;
    }

    /** Latin-1 preserves every byte, for any encoding of a text and for programs. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static void write(Path file, String content) throws IOException {
        Replacement.of(file, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String asBytes(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Path asBytes(Path path) {
        return Path.of(asBytes(path.toString()));
    }
}
