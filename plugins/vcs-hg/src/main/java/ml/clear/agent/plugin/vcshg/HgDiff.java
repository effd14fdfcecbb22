// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.CommandResult;

/**
 * Applies a patch to a working copy completely or not at all: hg leaves a failed patch partially applied, so the files
 * that it names are saved and restored.
 */
final class HgDiff {

    private static final Duration LIMIT = Duration.ofHours(1);
    private static final Pattern NAMED = Pattern.compile(
            "(?:--- (?:a/)?|\\+\\+\\+ (?:b/)?|rename (?:from|to) |copy to |diff --git a/.* b/|diff -r .* )"
                    + "(.*?)(?:\\t.*)?");
    private static final Path STATE = Path.of(".hg", "dirstate");

    private final HgProgram hg;
    private final Path root;

    HgDiff(HgProgram hg, Path root) {
        this.hg = hg;
        this.root = root;
    }

    void apply(Path diff) throws IOException, InterruptedException {
        Set<Path> files = named(diff);
        Path aside = OwnerOnly.createTemporaryFolder(root.resolve(".hg"), "agent-");
        try {
            Map<Path, Path> kept = keep(files, aside);
            CommandResult result = hg.run(
                    root,
                    LIMIT,
                    List.of(
                            "import",
                            "--no-commit",
                            "--force",
                            "--config",
                            "patch.fuzz=0",
                            "--config",
                            "ui.interactive=no",
                            diff.toString()));
            if (!result.succeeded()) {
                putBack(files, kept);
                throw new AgentException(
                        ErrorCode.DIFF_NOT_APPLICABLE,
                        "the uncommitted changes do not fit: " + failed(result)
                                + "; check commit and changes of the task");
            }
        } finally {
            Folders.delete(aside);
        }
    }

    /** The file that hg was patching, and its output. */
    private static String failed(CommandResult result) {
        String file = "";
        for (String line : (result.output() + "\n" + result.errors()).lines().toList()) {
            if (line.startsWith("patching file ") || line.startsWith("unable to find ")) {
                file = line + "; ";
            }
            if (line.contains("FAILED")) {
                break;
            }
        }
        return file + HgProgram.words(result);
    }

    /** Every file name that a line of the patch may contain; superfluous names are harmless. */
    private Set<Path> named(Path diff) throws IOException {
        Set<Path> files = new LinkedHashSet<>(Set.of(STATE));
        // every byte is one character in this encoding
        try (BufferedReader lines = Files.newBufferedReader(diff, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher named = NAMED.matcher(line);
                if (named.matches()) {
                    String name =
                            new String(named.group(1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                    addInside(files, name);
                }
            }
        }
        return files;
    }

    private void addInside(Set<Path> files, String name) {
        Path file = root.resolve(name.strip()).normalize();
        if (file.startsWith(root) && !file.equals(root)) {
            files.add(root.relativize(file));
            files.add(root.relativize(file.resolveSibling(file.getFileName() + ".rej")));
        }
    }

    private Map<Path, Path> keep(Set<Path> files, Path aside) throws IOException {
        Map<Path, Path> kept = new LinkedHashMap<>();
        for (Path file : files) {
            Path place = root.resolve(file);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                Path copy = aside.resolve(String.valueOf(kept.size()));
                Files.copy(place, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                kept.put(file, copy);
            }
        }
        return kept;
    }

    private void putBack(Set<Path> files, Map<Path, Path> kept) throws IOException {
        for (Path file : new ArrayList<>(files)) {
            Path place = root.resolve(file);
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            Path copy = kept.get(file);
            if (copy == null) {
                Files.deleteIfExists(place);
            } else {
                Files.createDirectories(place.resolveSibling("."));
                Files.move(copy, place, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
