// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.WorkingCopy;

/** Describes working copies of users, writes their changes and keeps folders as commits. */
final class GitLocalCode implements LocalCode {

    private static final Path ANYWHERE = Path.of("/");

    private final GitCheckouts checkouts;
    private final GitProgram git;

    GitLocalCode(GitCheckouts checkouts) {
        this.checkouts = checkouts;
        this.git = checkouts.git();
    }

    @Override
    public Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        return WorkingCopyDescription.of(git, folder);
    }

    @Override
    public void writeDiff(WorkingCopy copy, List<Path> added, Path diff) throws InterruptedException {
        try {
            new UncommittedChanges(git, LargeFiles.filters(git)).write(copy.root(), added, diff);
        } catch (IOException e) {
            throw unreadable(copy, e);
        }
    }

    @Override
    public List<Path> untracked(WorkingCopy copy, Path script) throws InterruptedException {
        try {
            return new AddedFiles(git, copy.root()).untracked(script);
        } catch (IOException e) {
            throw unreadable(copy, e);
        }
    }

    private static AgentException unreadable(WorkingCopy copy, IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "the changes in '" + copy.root() + "' cannot be read: " + CheckoutFailure.reason(cause),
                cause);
    }

    @Override
    public Optional<Snapshot> snapshot(SnapshotRequest request) throws InterruptedException {
        return git.hasProgram("git")
                ? Optional.of(new FolderSnapshots(git, checkouts.clock()).take(request))
                : Optional.empty();
    }

    /** A shallow clone lacks objects that a mirror must have, so the remote is used instead. */
    @Override
    public void remember(WorkingCopy copy, CredentialChain credentials, Console console) throws InterruptedException {
        if (!checkouts.settings().usesMirrors()
                || copy.origin().isEmpty()
                || copy.commit().isEmpty()
                || isShallow(copy)) {
            return;
        }
        try {
            RepositoryAddress address = checkouts
                    .access(RepositoryAddress.parse(copy.origin()), credentials)
                    .address();
            checkouts.mirrors().use(address, console, new Remembering(copy, credentials), mirror -> mirror);
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(GitLocalCode.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot keep the commit of '" + copy.root() + "'", e);
        }
    }

    private static boolean isShallow(WorkingCopy copy) {
        return Files.exists(copy.root().resolve(".git").resolve("shallow"));
    }

    /** Keeps the commit of a working copy in the mirror of its origin. */
    private final class Remembering implements MirrorCache.Update {

        private final WorkingCopy copy;
        private final Transfer fromCopy;

        Remembering(WorkingCopy copy, CredentialChain credentials) {
            RepositoryAddress place = RepositoryAddress.parse(copy.root().toString());
            this.copy = copy;
            this.fromCopy = new Transfer(
                    new GitAccess(git, checkouts.context(), place, credentials),
                    FetchArguments.of(List.of()),
                    line -> {});
        }

        @Override
        public boolean isNeeded(Mirror mirror) throws GitFailure, InterruptedException {
            return !mirror.repository().has(copy.commit());
        }

        @Override
        public void create(Path folder) throws IOException, InterruptedException {
            git.run(GitCommand.in(ANYWHERE, "init", "--quiet", "--bare", "--template=", folder.toString()));
            refresh(Mirror.in(folder, git));
        }

        @Override
        public void refresh(Mirror mirror) throws IOException, InterruptedException {
            fromCopy.fetchAs(mirror.repository(), copy.commit(), "refs/remembered/" + copy.commit());
        }
    }
}
