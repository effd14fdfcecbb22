// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Makes a copy of an environment work at its new path: the heads of the commands, the activation script, the paths in
 * {@code .pth} and {@code .egg-link} files and {@code pyvenv.cfg}. Each changed file is replaced, so that hard links
 * to the original are not modified. Compiled modules need nothing: the interpreter corrects their paths when it loads
 * them.
 */
public final class Relocation {

    private static final long LARGEST_SCRIPT = 4L << 20;

    private Relocation() {}

    /**
     * Correct a copy. Does nothing when the path has not changed.
     *
     * @throws AgentException {@code FILE_SYSTEM} when a file cannot be read or written
     */
    public static void of(VirtualEnvironment copy) {
        try {
            Optional<Path> made = copy.recordedFolder();
            if (made.isPresent() && !made.get().equals(copy.folder())) {
                move(copy, made.get());
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot adapt the copied environment in '" + copy.folder() + "': " + e.getMessage(),
                    e);
        }
    }

    private static void move(VirtualEnvironment copy, Path from) throws IOException {
        for (Path command : files(copy.commands(), "*")) {
            moveCommand(command, from, copy.folder());
        }
        for (Path file : files(copy.packages(), "*.{pth,egg-link}")) {
            String text = Files.readString(file);
            String moved = moved(text, from, copy.folder());
            if (!moved.equals(text)) {
                Replacement.of(file, moved);
            }
        }
        ActivationScripts.write(copy);
        copy.recordFolder();
    }

    private static void moveCommand(Path command, Path from, Path to) throws IOException {
        // Latin-1 preserves every byte, for any encoding of the script and for binary data after its head
        String script = new String(Files.readAllBytes(command), StandardCharsets.ISO_8859_1);
        if (!script.startsWith("#!")) {
            return;
        }
        Optional<String> moved = CommandScript.moved(script, asBytes(from), asBytes(to));
        if (moved.isPresent()) {
            Replacement.of(command, moved.get().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** The path with each of its bytes as one character. */
    private static Path asBytes(Path path) {
        return Path.of(new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static String moved(String text, Path from, Path to) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            boolean below = line.equals(from.toString()) || line.startsWith(from + "/");
            lines.add(below ? to + line.substring(from.toString().length()) : line);
        }
        return String.join("\n", lines);
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder, pattern)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && Files.size(entry) <= LARGEST_SCRIPT) {
                    files.add(entry);
                }
            }
        }
        return files;
    }
}
