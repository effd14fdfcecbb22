// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/** One checkout with its submodules, step by step. */
final class CheckoutJob {

    private static final Path ANYWHERE = Path.of("/");
    private static final int SHORT = 12;

    private final GitCheckouts checkouts;
    private final GitProgram git;
    private final GitSettings settings;
    private final CheckoutRequest request;
    private final Console progress;

    CheckoutJob(GitCheckouts checkouts, CheckoutRequest request) {
        this.checkouts = checkouts;
        this.git = checkouts.git();
        this.settings = checkouts.settings();
        this.request = request;
        this.progress = new GitProgress(request.console(), checkouts.context().clock(), settings.verbose());
    }

    /** The commit that was checked out. */
    String run() throws IOException, InterruptedException {
        return copy(request.repository(), request.revision(), request.target());
    }

    /** Make a working copy of one repository, then of its submodules inside it. */
    String copy(RepositoryAddress address, Revision revision, Path target) throws IOException, InterruptedException {
        GitAccess access = checkouts.access(address, request.credentials());
        Optional<SnapshotRepository> kept = SnapshotRepository.at(access.address(), git, checkouts.clock());
        String commit = kept.isPresent()
                ? fromSnapshots(kept.get(), access, revision, target)
                : settings.usesMirrors() ? throughMirror(access, revision, target) : directly(access, revision, target);
        if (settings.fetching().submodules()) {
            new Submodules(this, git, access.address(), target).checkOut();
        }
        new LargeFiles(git, access, largeFilesFolder(access.address())).fetch(target, console());
        return commit;
    }

    Console console() {
        return request.console();
    }

    CredentialChain credentials() {
        return request.credentials();
    }

    /**
     * An exact commit is taken from the mirror as it is: asking whether it is there costs more than the rare failure. A mirror
     * whose objects cannot be read is cloned again, once.
     */
    private String throughMirror(GitAccess access, Revision revision, Path target)
            throws IOException, InterruptedException {
        if (RevisionLookup.exact(revision).isPresent() && checkouts.mirrors().has(access.address())) {
            try {
                return throughMirrorOnce(access, revision, target, true);
            } catch (IOException e) {
                Folders.clear(target);
            }
        }
        try {
            return throughMirrorOnce(access, revision, target, false);
        } catch (GitFailure failure) {
            if (!failure.isDamage()) {
                throw failure;
            }
            console()
                    .line("git: the mirror of '" + access.address() + "' is damaged and is cloned again: "
                            + failure.getMessage());
            checkouts.mirrors().discard(access.address(), console());
            Folders.clear(target);
            return throughMirrorOnce(access, revision, target, false);
        }
    }

    private String throughMirrorOnce(GitAccess access, Revision revision, Path target, boolean asItIs)
            throws IOException, InterruptedException {
        Refreshing refreshing = new Refreshing(access, revision, asItIs);
        String commit = checkouts.mirrors().use(access.address(), console(), refreshing, mirror -> {
            Optional<String> commitFound = refreshing.found();
            String found =
                    commitFound.isPresent() ? commitFound.get() : find(mirror.repository(), access.address(), revision);
            LocalClone.of(mirror).to(target, access.url());
            return found;
        });
        git.run(fileCheckout(target, commit), progress);
        if (refreshing.known().isPresent()) {
            console()
                    .line("git: commit " + commit.substring(0, SHORT) + " of '" + access.address()
                            + "' is in the cache");
        }
        return commit;
    }

    /** The agent's own store is as near as a mirror, so it needs none. */
    private String fromSnapshots(SnapshotRepository kept, GitAccess access, Revision revision, Path target)
            throws IOException, InterruptedException {
        String commit =
                kept.use(revision, console(), mirror -> LocalClone.of(mirror).to(target, access.url()));
        git.run(fileCheckout(target, commit), progress);
        return commit;
    }

    private String directly(GitAccess access, Revision revision, Path target) throws IOException, InterruptedException {
        console().line("git: cloning '" + access.address() + "' without the cache");
        git.run(GitCommand.in(ANYWHERE, "init", "--quiet", "--template=", target.toString()));
        git.run(GitCommand.in(target, "config", "core.autocrlf", "false"));
        git.run(GitCommand.in(target, "remote", "add", "origin", access.url()));
        GitRepository repository = new GitRepository(git, target, GitRepository.COPY_BRANCHES);
        Transfer transfer = transfer(access);
        if (RevisionLookup.exact(revision).isEmpty()
                || settings.fetching().limiting().isEmpty()) {
            transfer.fetchAll(repository, settings.fetching().limiting());
            if (RevisionLookup.isMain(revision)) {
                transfer.followHead(repository);
            }
        }
        Optional<String> fetched = transfer.fetchMissing(repository, revision);
        String commit = fetched.isPresent() ? fetched.get() : find(repository, access.address(), revision);
        // a partial clone fetches missing files during this command
        access.run(fileCheckout(target, commit), progress);
        return commit;
    }

    /** Large files stay pointers here; {@link LargeFiles} fetches them all at once. */
    private static GitCommand fileCheckout(Path target, String commit) {
        return GitCommand.in(target, "checkout", "--progress", "--force", "--detach", "--no-recurse-submodules", commit)
                .with(LargeFiles.NO_FILTERS)
                .with(LargeFiles.PLAIN_INDEX);
    }

    private static String find(GitRepository repository, RepositoryAddress address, Revision revision)
            throws IOException, InterruptedException {
        RevisionLookup lookup = new RevisionLookup(repository);
        Optional<String> commit = lookup.find(revision);
        if (commit.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CHECKOUT_FAILED,
                    "'" + address + "' has no " + RevisionLookup.words(revision) + "; " + lookup.advice(revision));
        }
        return commit.get();
    }

    private Transfer transfer(GitAccess access) {
        return new Transfer(access, settings.fetching(), progress);
    }

    private Optional<Path> largeFilesFolder(RepositoryAddress address) {
        return settings.usesMirrors()
                ? Optional.of(checkouts.mirrors().sharedFolder(address, "lfs"))
                : Optional.empty();
    }

    /** Clones a repository, or fetches what its mirror lacks. */
    private final class Refreshing implements MirrorCache.Update {

        private final GitAccess access;
        private final Revision revision;
        private final boolean asItIs;
        private Optional<String> known = Optional.empty();
        private Optional<String> fetched = Optional.empty();

        /** @param asItIs whether a mirror that exists is used without a look at it */
        Refreshing(GitAccess access, Revision revision, boolean asItIs) {
            this.access = access;
            this.revision = revision;
            this.asItIs = asItIs;
        }

        @Override
        public boolean isNeeded(Mirror mirror) throws GitFailure, InterruptedException {
            Optional<String> exact = RevisionLookup.exact(revision);
            boolean has = exact.isPresent() && (asItIs || mirror.repository().has(exact.get()));
            known = has ? exact : Optional.empty();
            return !has;
        }

        /** The commit, if the mirror had it before. */
        Optional<String> known() {
            return known;
        }

        /** The commit, unless it has to be looked up. */
        Optional<String> found() {
            return known.or(() -> fetched);
        }

        @Override
        public void create(Path folder) throws IOException, InterruptedException {
            console().line("git: cloning '" + access.address() + "'");
            Transfer transfer = transfer(access);
            transfer.cloneTo(folder);
            fetched = transfer.fetchMissing(Mirror.in(folder, git).repository(), revision);
        }

        @Override
        public void refresh(Mirror mirror) throws IOException, InterruptedException {
            console().line("git: fetching '" + access.address() + "'");
            Transfer transfer = transfer(access);
            transfer.fetchAll(mirror.repository(), List.of());
            if (RevisionLookup.isMain(revision)) {
                transfer.followHead(mirror.repository());
            }
            fetched = transfer.fetchMissing(mirror.repository(), revision);
        }
    }
}
