// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.WorkingCopy;

/** Makes working copies, applies diffs to them and describes working copies of users. */
final class GitCheckouts {

    private static final Path ANYWHERE = Path.of("/");

    private final PluginContext context;
    private final GitSettings settings;
    private final GitProgram git;
    private final MirrorCache mirrors;

    GitCheckouts(PluginContext context) {
        this.context = context;
        this.settings = GitSettings.from(context.settings());
        this.git = new GitProgram(context);
        this.mirrors = new MirrorCache(settings.cachePath(), settings.cloneOnFetchFailure(), git, context.clock());
    }

    Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        Path target = request.target();
        boolean existed = Files.isDirectory(target);
        boolean done = false;
        try {
            makeTarget(target);
            String commit = new CheckoutJob(this, request).run();
            done = true;
            return new Checkout(target, commit);
        } catch (IOException e) {
            throw CheckoutFailure.explain(e, request.repository(), request.revision(), request.credentials());
        } finally {
            if (!done) {
                removeTarget(target, existed);
            } else if (settings.usesMirrors()) {
                new MirrorEviction(
                                settings.cachePath(), settings.longestUnused(), settings.mostBytes(), context.clock())
                        .runOnceADay();
            }
        }
    }

    void applyDiff(Checkout checkout, Path diff, Console console) throws InterruptedException {
        try {
            new DiffApplication(git, LargeFiles.filters(git), checkout.root(), console).apply(diff);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the diff cannot be written to '" + checkout.root() + "': " + CheckoutFailure.reason(e),
                    e);
        }
    }

    Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        return WorkingCopyDescription.of(git, folder);
    }

    void writeDiff(WorkingCopy copy, List<Path> added, Path diff) throws InterruptedException {
        try {
            new UncommittedChanges(git, LargeFiles.filters(git)).write(copy.root(), added, diff);
        } catch (IOException e) {
            throw unreadable(copy, e);
        }
    }

    List<Path> untracked(WorkingCopy copy, Path script) throws InterruptedException {
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

    Optional<Snapshot> snapshot(SnapshotRequest request) throws InterruptedException {
        return git.hasProgram("git") ? Optional.of(new FolderSnapshots(git).take(request)) : Optional.empty();
    }

    /** A shallow clone lacks objects that a mirror must have, so the remote is used instead. */
    void remember(WorkingCopy copy, CredentialChain credentials, Console console) throws InterruptedException {
        if (!settings.usesMirrors() || copy.origin().isEmpty() || copy.commit().isEmpty() || isShallow(copy)) {
            return;
        }
        try {
            RepositoryAddress address =
                    access(RepositoryAddress.parse(copy.origin()), credentials).address();
            mirrors.use(address, console, new Remembering(copy, credentials), mirror -> mirror);
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(GitCheckouts.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot keep the commit of '" + copy.root() + "'", e);
        }
    }

    /** Whether an address is that of a repository. */
    boolean isThere(RepositoryAddress repository, CredentialChain credentials) throws InterruptedException {
        GitAccess access = access(repository, credentials);
        try {
            access.run(GitCommand.in(ANYWHERE, "ls-remote", "--quiet", "--", access.url(), "HEAD"), line -> {});
            return true;
        } catch (GitFailure failure) {
            return false;
        }
    }

    /** Access to an address after it is rewritten according to settings and credentials. */
    GitAccess access(RepositoryAddress address, CredentialChain credentials) throws InterruptedException {
        RepositoryAddress used = settings.rewriting()
                .rewrite(
                        address,
                        candidate -> credentials
                                .find(candidate)
                                .filter(credential -> !(credential instanceof SshKey))
                                .isPresent());
        return new GitAccess(git, context, used, credentials);
    }

    PluginContext context() {
        return context;
    }

    GitSettings settings() {
        return settings;
    }

    GitProgram git() {
        return git;
    }

    MirrorCache mirrors() {
        return mirrors;
    }

    private static boolean isShallow(WorkingCopy copy) {
        return Files.exists(copy.root().resolve(".git").resolve("shallow"));
    }

    private static void makeTarget(Path target) throws IOException {
        Files.createDirectories(target);
        if (!Folders.isEmpty(target)) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "the folder '" + target + "' for the checkout is not empty; remove it");
        }
    }

    private static void removeTarget(Path target, boolean existed) {
        try {
            if (!existed) {
                Folders.delete(target);
            } else if (Files.exists(target.resolve(".git"))) {
                Folders.clear(target);
            }
        } catch (IOException e) {
            System.getLogger(GitCheckouts.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot remove the unfinished checkout ''{0}''", target);
        }
    }

    /** Keeps the commit of a working copy in the mirror of its origin. */
    private final class Remembering implements MirrorCache.Update {

        private final WorkingCopy copy;
        private final Transfer fromCopy;

        Remembering(WorkingCopy copy, CredentialChain credentials) {
            RepositoryAddress place = RepositoryAddress.parse(copy.root().toString());
            this.copy = copy;
            this.fromCopy = new Transfer(
                    new GitAccess(git, context, place, credentials), FetchArguments.of(List.of()), line -> {});
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
