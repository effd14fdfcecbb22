// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;

/** Fetches files from large file storage (Git LFS) with git-lfs, or reports that git-lfs is missing. */
final class LargeFiles {

    /** Keys that keep pointers unchanged, regardless of the user's configuration. */
    static final Map<String, String> NO_FILTERS = Map.of(
            "filter.lfs.process", "",
            "filter.lfs.smudge", "",
            "filter.lfs.clean", "",
            "filter.lfs.required", "false");

    /** Keys with which git writes every name in full into the index, in one file. */
    static final Map<String, String> PLAIN_INDEX = Map.of("index.version", "2", "core.splitIndex", "false");

    private static final byte[] ATTRIBUTES_BELOW = "/.gitattributes".getBytes(StandardCharsets.US_ASCII);

    /** What {@code git lfs install} sets. */
    private static final Map<String, String> FILTERS = Map.of(
            "filter.lfs.process", "git-lfs filter-process",
            "filter.lfs.smudge", "git-lfs smudge -- %f",
            "filter.lfs.clean", "git-lfs clean -- %f",
            "filter.lfs.required", "true");

    private static final String PROGRAM = "git-lfs";

    private final GitProgram git;
    private final GitAccess access;
    private final Optional<Path> storage;

    /**
     * The large files of one repository.
     *
     * @param storage a folder that all working copies share; each has its own when empty
     */
    LargeFiles(GitProgram git, GitAccess access, Optional<Path> storage) {
        this.git = git;
        this.access = access;
        this.storage = storage;
    }

    /** Keys with which git reads contents if git-lfs is installed, and pointers otherwise. */
    static Map<String, String> filters(GitProgram git) {
        return git.hasProgram(PROGRAM) ? FILTERS : NO_FILTERS;
    }

    void fetch(Path root, Console console) throws IOException, InterruptedException {
        if (!usesLargeFiles(root)) {
            return;
        }
        List<String> files = list(root, ":(attr:filter=lfs)");
        if (files.isEmpty()) {
            return;
        }
        if (!git.hasProgram(PROGRAM)) {
            console.line("git: " + files.size() + " files such as '" + files.getFirst()
                    + "' are pointers to large files that were not fetched; install git-lfs");
            return;
        }
        console.line("git: fetching " + files.size() + " large files");
        try {
            Map<String, String> keys = new HashMap<>(FILTERS);
            storage.ifPresent(folder -> keys.put("lfs.storage", folder.toString()));
            access.run(GitCommand.in(root, "lfs", "pull").with(keys), line -> {});
        } catch (GitFailure failure) {
            throw new AgentException(
                    ErrorCode.CHECKOUT_FAILED,
                    "the large files of '" + access.address() + "' cannot be fetched: " + failure.getMessage()
                            + "; check that the repository's storage has them",
                    failure);
        }
    }

    private boolean usesLargeFiles(Path root) throws IOException, InterruptedException {
        if (declares(root.resolve(".gitattributes"))) {
            return true;
        }
        if (!mentionsAttributes(root.resolve(".git/index"))) {
            return false;
        }
        for (String path : list(root, ":(glob)**/.gitattributes")) {
            if (declares(root.resolve(path))) {
                return true;
            }
        }
        return false;
    }

    /** Whether an index has a file of attributes in some folder; spares a command of git in most repositories. */
    private static boolean mentionsAttributes(Path index) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int matched = 0;
        try (InputStream bytes = Files.newInputStream(index)) {
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    // only the first byte of the name is a slash, so a mismatch restarts there
                    matched = buffer[i] == ATTRIBUTES_BELOW[matched] ? matched + 1 : buffer[i] == '/' ? 1 : 0;
                    if (matched == ATTRIBUTES_BELOW.length) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean declares(Path attributes) throws IOException {
        if (!Files.isRegularFile(attributes, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(attributes, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains("filter=lfs"));
        }
    }

    private List<String> list(Path root, String pattern) throws GitFailure, InterruptedException {
        String listed =
                git.run(GitCommand.in(root, "ls-files", "-z", "--", pattern)).output();
        return Stream.of(listed.split("\0")).filter(path -> !path.isBlank()).toList();
    }
}
