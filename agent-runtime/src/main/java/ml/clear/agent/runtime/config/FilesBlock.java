// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.runtime.process.ShellText;

/**
 * The top-level block {@code files}: files that exist before a task is prepared, such as credentials for an index. A file that
 * cannot be written is reported and stops nothing, as with the Python agent; its content is never shown.
 */
public final class FilesBlock {

    private static final String NAME = "files";
    private static final String ALL = "rwxrwxrwx";

    private final Configuration configuration;
    private final Map<String, String> variables;

    /** The block of this configuration. */
    public FilesBlock(Configuration configuration) {
        this.configuration = configuration;
        this.variables = new HashMap<>(configuration.environment());
        variables.putAll(EnvironmentBlock.of(configuration));
    }

    /** Write the files, unless {@code agent.apply_files} is false; a line for each of them. */
    public List<String> write() {
        List<String> lines = new ArrayList<>();
        if (configuration.get(TaskSettings.APPLY_FILES)
                && configuration.effective().members().get(NAME) instanceof Node.Group block) {
            block.members().forEach((name, node) -> lines.add(write(name, node)));
        }
        return lines;
    }

    private String write(String name, Node node) {
        try {
            if (!(node instanceof Node.Group entry)) {
                throw new IllegalArgumentException("it is no block; write " + NAME + "." + name + " { … }");
            }
            Path file = Path.of(ShellText.expanded(text(entry, "path"), variables))
                    .toAbsolutePath()
                    .normalize();
            if (Files.isDirectory(file)) {
                throw new IllegalArgumentException("'" + file + "' is a folder");
            }
            if (!isTrue(entry, "overwrite") && Files.exists(file)) {
                throw new IllegalArgumentException("'" + file + "' exists");
            }
            write(file, content(entry), mode(entry));
            return "Saved [" + name + "]: " + file;
        } catch (InvalidPathException e) {
            return "Skipped [" + name + "]: its path is not one of this system"; // the message repeats the path
        } catch (IllegalArgumentException e) {
            return "Skipped [" + name + "]: " + e.getMessage();
        } catch (IOException e) {
            return "Skipped [" + name + "]: cannot write it: " + e;
        }
    }

    /** A file that exists keeps its permissions where none are given; a new one is its owner's alone. */
    private static void write(Path file, byte[] content, Optional<Set<PosixFilePermission>> mode) throws IOException {
        Files.createDirectories(file.getParent());
        Set<PosixFilePermission> before = Files.exists(file) ? Files.getPosixFilePermissions(file) : Set.of();
        OwnerOnly.replace(Files.exists(file) ? file.toRealPath() : file, content);
        Set<PosixFilePermission> wanted = mode.orElse(before);
        if (!wanted.isEmpty()) {
            Files.setPosixFilePermissions(file, wanted);
        }
    }

    private static byte[] content(Node.Group entry) {
        Node contents = member(entry, "contents");
        String target = entry.at("target_format").map(PythonText::of).orElse("");
        if (entry.at("format").map(PythonText::of).orElse("").equals("base64")) {
            // As Python does, letters that are none of the alphabet are skipped.
            return Base64.getMimeDecoder().decode(PythonText.of(contents));
        }
        String text = switch (target) {
            case "json", "yaml", "yml" -> Json.render(contents); // JSON is YAML
            case "bytes" -> throw new IllegalArgumentException("target_format 'bytes' needs format 'base64'");
            default -> PythonText.of(contents);
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<Set<PosixFilePermission>> mode(Node.Group entry) {
        String octal = entry.at("mode").map(PythonText::of).orElse("").strip();
        if (octal.isEmpty()) {
            return Optional.empty();
        }
        int bits;
        try {
            bits = Integer.parseInt(octal.replaceFirst("^0o", ""), 8);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("mode is '" + octal + "'; write octal digits such as 0644", e);
        }
        StringBuilder letters = new StringBuilder(ALL);
        for (int i = 0; i < ALL.length(); i++) {
            if (((bits >> (ALL.length() - 1 - i)) & 1) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return Optional.of(PosixFilePermissions.fromString(letters.toString()));
    }

    /** Only false itself turns it off: any text counts as true for the Python agent. */
    private static boolean isTrue(Node.Group entry, String name) {
        return entry.at(name)
                .filter(node -> node instanceof Node.Scalar(var _, Boolean value, var _) && !value)
                .isEmpty();
    }

    private static String text(Node.Group entry, String name) {
        return PythonText.of(member(entry, name));
    }

    private static Node member(Node.Group entry, String name) {
        return entry.at(name)
                .filter(node -> !(node instanceof Node.Null))
                .orElseThrow(() -> new IllegalArgumentException("it has no '" + name + "'"));
    }
}
