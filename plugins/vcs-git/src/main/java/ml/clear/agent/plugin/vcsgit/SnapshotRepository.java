// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/**
 * The snapshots of one folder: a bare repository in an entry of a {@link SharedCache}, with a branch for each snapshot. The
 * modification time of the file in {@code uses} with the name of the branch is the time of the last use.
 */
final class SnapshotRepository {

    private static final String USES = "uses";
    private static final String EVICTED = "evicted";
    private static final String BRANCH = "snapshot-";
    private static final int SHORT = 12;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Makes a working copy while no process changes the repository. */
    @FunctionalInterface
    interface Copying {
        void from(Mirror mirror) throws IOException, InterruptedException;
    }

    private final GitProgram git;
    private final Path folder;
    private final InstantSource clock;

    SnapshotRepository(GitProgram git, Path folder, InstantSource clock) {
        this.git = git;
        this.folder = folder;
        this.clock = clock;
    }

    /** The repository at an address, if it is one of snapshots. */
    static Optional<SnapshotRepository> at(RepositoryAddress address, GitProgram git, InstantSource clock) {
        if (!address.scheme().equals("file") || address.path().isEmpty()) {
            return Optional.empty();
        }
        Path folder = Path.of(address.path());
        return Files.isDirectory(folder.resolve(USES))
                ? Optional.of(new SnapshotRepository(git, folder, clock))
                : Optional.empty();
    }

    static String branch(String commit) {
        return BRANCH + commit.substring(0, SHORT);
    }

    /** Copy from the repository under the lock of its entry; returns the commit of the revision. */
    String use(Revision revision, Console console, Copying copying) throws IOException, InterruptedException {
        Path place = folder.resolveSibling(".").normalize();
        SharedCache store = new SharedCache(place.resolveSibling("."), SharedCache.Limits.NONE, clock);
        String name = place.getFileName().toString();
        try (SharedCache.Entry _ = store.open(
                        name,
                        PATIENCE,
                        () -> console.line("git: waiting for another process that uses '" + folder + "'"))
                .orElseThrow(() -> new AgentException(
                        ErrorCode.LOCKED,
                        "another process has used '" + folder + "' for " + PATIENCE.toMinutes()
                                + " minutes; end it"))) {
            Mirror mirror = Mirror.in(folder, git);
            String commit =
                    new RevisionLookup(mirror.repository()).find(revision).orElseThrow(() -> evicted(revision));
            if (Files.isWritable(folder)) { // read-only in containers
                markUsed(commit);
            }
            copying.from(mirror);
            return commit;
        }
    }

    private AgentException evicted(Revision revision) {
        return new AgentException(
                ErrorCode.CHECKOUT_FAILED,
                "'" + folder + "' no longer has " + RevisionLookup.words(revision)
                        + ": the code of a run on this machine is evicted after agent.run.code_max_age_days, and beyond"
                        + " agent.run.code_max_size; run the script again");
    }

    /** Record that a snapshot is used now. */
    void markUsed(String commit) throws IOException {
        OwnerOnly.createFolders(folder.resolve(USES));
        stamp(folder.resolve(USES).resolve(branch(commit)));
    }

    /**
     * Evict the snapshots beyond the limits, the least recently used ones first, at most once a day; those that were used within a
     * day are kept. The caller has the lock of the entry.
     */
    void evict(SharedCache.Limits limits) throws IOException, InterruptedException {
        Path evicted = folder.resolve(EVICTED);
        if (Files.exists(evicted) && isWithin(DAY, Files.getLastModifiedTime(evicted))) {
            return;
        }
        stamp(evicted);
        List<Use> kept = uses();
        if (!limits.longestUnused().isZero()) {
            List<Use> old = kept.stream()
                    .filter(use -> !isWithin(limits.longestUnused(), use.last()))
                    .toList();
            remove(old);
            kept.removeAll(old);
        }
        // snapshots share files, so how much one takes is known only when it is gone
        while (limits.mostBytes() > 0 && !kept.isEmpty() && Folders.size(folder) > limits.mostBytes()) {
            List<Use> older = kept.subList(0, (kept.size() + 1) / 2);
            remove(older);
            older.clear();
        }
    }

    /** The uses before the last day, the least recent ones first. */
    private List<Use> uses() throws IOException {
        List<Use> uses = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(USES))) {
            for (Path file : files.toList()) {
                uses.add(new Use(file, Files.getLastModifiedTime(file)));
            }
        }
        uses.removeIf(use -> isWithin(DAY, use.last()));
        uses.sort(Comparator.comparing(Use::last));
        return uses;
    }

    private void remove(List<Use> uses) throws IOException, InterruptedException {
        if (uses.isEmpty()) {
            return;
        }
        for (Use use : uses) {
            git.run(GitCommand.in(
                    folder, "update-ref", "-d", "refs/heads/" + use.file().getFileName()));
        }
        git.run(GitCommand.in(folder, "repack", "-a", "-d", "-q"));
        git.run(GitCommand.in(folder, "prune", "--expire=now"));
        for (Use use : uses) {
            Files.delete(use.file());
        }
    }

    private boolean isWithin(Duration time, FileTime since) {
        return since.toInstant().plus(time).isAfter(clock.instant());
    }

    private void stamp(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.write(file, new byte[0]);
        }
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    private record Use(Path file, FileTime last) {}
}
