// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.WorkingCopy;

/**
 * Keeps folders of users as commits of bare repositories, one for each folder. A commit has no parent, and always the same author
 * and date, so that the same files give the same commit. Snapshots beyond the limits of the store are evicted. Safe for several
 * processes.
 */
final class FolderSnapshots {

    /** Patterns ignored in folders without ignore rules. */
    private static final String EXCLUDED = """
            __pycache__/
            *.pyc
            .venv/
            .ipynb_checkpoints/
            .mypy_cache/
            .pytest_cache/
            .ruff_cache/
            .hg/
            .svn/
            node_modules/
            .DS_Store
            """;

    /** Stores every byte unchanged, regardless of git attributes of the folder. */
    private static final String ATTRIBUTES = "* -text -eol -filter -ident -working-tree-encoding\n";

    private static final Map<String, String> AUTHOR = Map.of(
            "GIT_AUTHOR_NAME", "clearml-agent",
            "GIT_AUTHOR_EMAIL", "clearml-agent@localhost",
            "GIT_AUTHOR_DATE", "2000-01-01T00:00:00Z",
            "GIT_COMMITTER_NAME", "clearml-agent",
            "GIT_COMMITTER_EMAIL", "clearml-agent@localhost",
            "GIT_COMMITTER_DATE", "2000-01-01T00:00:00Z");

    private static final int DIGEST_BYTES = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final GitProgram git;
    private final InstantSource clock;

    FolderSnapshots(GitProgram git, InstantSource clock) {
        this.git = git;
        this.clock = clock;
    }

    /** Keep the files of a folder. */
    Snapshot take(SnapshotRequest request) throws InterruptedException {
        try (SharedCache.Entry entry = open(request)) {
            Path repository = repository(entry.folder(), request.folder());
            FolderFiles files = FolderFiles.of(git, request, repository);
            String commit = commit(request.folder(), repository, files.kept());
            String branch = SnapshotRepository.branch(commit);
            run(repository, Map.of(), "update-ref", "refs/heads/" + branch, commit);
            run(repository, Map.of(), "update-ref", "refs/heads/main", commit);
            SnapshotRepository snapshots = new SnapshotRepository(git, repository, clock);
            snapshots.markUsed(commit);
            snapshots.evict(request.store().limits());
            return new Snapshot(
                    new WorkingCopy(request.folder(), repository.toString(), branch, commit),
                    files.kept().size(),
                    files.tooLarge(),
                    files.ignored());
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the files of '" + request.folder() + "' cannot be kept in '"
                            + request.store().folder() + "': "
                            + CheckoutFailure.reason(e) + "; use --script-only to send the script alone",
                    e);
        }
    }

    private static SharedCache.Entry open(SnapshotRequest request) throws IOException, InterruptedException {
        return request.store()
                .open(digest(request.folder()), PATIENCE, () -> {})
                .orElseThrow(() -> new AgentException(
                        ErrorCode.LOCKED,
                        "another process has kept the files of '" + request.folder() + "' for " + PATIENCE.toMinutes()
                                + " minutes; end it, or use --script-only"));
    }

    /** The repository of a folder, named after it. */
    private Path repository(Path place, Path folder) throws IOException, InterruptedException {
        Path repository = place.resolve(folder.getFileName() + ".git");
        if (Files.isDirectory(repository)) {
            return repository;
        }
        Path fresh = place.resolve(UUID.randomUUID().toString());
        try {
            run(place, Map.of(), "init", "--quiet", "--bare", "--template=", "--initial-branch=main", fresh.toString());
            Files.createDirectories(fresh.resolve("info"));
            Files.writeString(fresh.resolve("info/exclude"), EXCLUDED);
            Files.writeString(fresh.resolve("info/attributes"), ATTRIBUTES);
            Files.move(fresh, repository, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(fresh);
        }
        return repository;
    }

    private String commit(Path folder, Path repository, List<Path> files) throws IOException, InterruptedException {
        Path index = repository.resolve("index-" + UUID.randomUUID());
        Path list = repository.resolve("list-" + UUID.randomUUID());
        try {
            Files.writeString(list, files.stream().map(Path::toString).collect(Collectors.joining("\0")));
            Map<String, String> place = new HashMap<>(Map.of(
                    "GIT_DIR", repository.toString(),
                    "GIT_WORK_TREE", folder.toString(),
                    "GIT_INDEX_FILE", index.toString()));
            run(
                    folder,
                    place,
                    "--literal-pathspecs",
                    "add",
                    "--force",
                    "--pathspec-from-file=" + list,
                    "--pathspec-file-nul");
            String tree = run(folder, place, "write-tree");
            place.putAll(AUTHOR);
            return run(folder, place, "commit-tree", tree, "-m", "Files of " + folder.getFileName());
        } finally {
            Files.deleteIfExists(index);
            Files.deleteIfExists(list);
        }
    }

    private String run(Path directory, Map<String, String> variables, String... arguments)
            throws GitFailure, InterruptedException {
        return git.run(GitCommand.in(directory, arguments).variables(variables))
                .output()
                .strip();
    }

    private static String digest(Path folder) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(folder.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }
}
