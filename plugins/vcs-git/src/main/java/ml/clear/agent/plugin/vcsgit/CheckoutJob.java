// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;

/** One checkout with its submodules, step by step. */
final class CheckoutJob {

    private final PluginContext context;
    private final GitSettings settings;
    private final MirrorCache mirrors;
    private final CheckoutRequest request;
    private final ProgressMonitor progress;

    CheckoutJob(PluginContext context, GitSettings settings, MirrorCache mirrors, CheckoutRequest request) {
        this.context = context;
        this.settings = settings;
        this.mirrors = mirrors;
        this.request = request;
        this.progress = new ConsoleProgress(request.console(), context.clock(), settings.verbose());
    }

    Checkout run() throws IOException, InterruptedException {
        ObjectId commit = copy(request.repository(), request.revision(), request.target());
        return new Checkout(request.target(), commit.name());
    }

    /** Make a working copy of one repository, then of its submodules inside it. */
    ObjectId copy(RepositoryAddress address, Revision revision, Path target) throws IOException, InterruptedException {
        stopWhenInterrupted();
        GitRemote remote = remote(address);
        ObjectId commit;
        try (WorkingTree tree = mirrors.use(
                remote.address(),
                console(),
                (mirror, fresh) -> fill(mirror, fresh, remote, revision),
                mirror -> treeOf(mirror, remote.address(), revision, target))) {
            commit = requireHead(tree);
            tree.checkOut(commit, progress);
            if (settings.fetchesSubmodules()) {
                new Submodules(this, tree, remote.address(), target).checkOut(commit);
            }
        }
        stopWhenInterrupted();
        new LargeFiles(context, remote).fetch(target, console());
        return commit;
    }

    /** JGit swallows interruptions in places; the progress saw them. */
    private void stopWhenInterrupted() throws InterruptedException {
        if (progress.isCancelled()) {
            throw new InterruptedException("interrupted while checking out");
        }
    }

    Console console() {
        return request.console();
    }

    private GitRemote remote(RepositoryAddress address) throws InterruptedException {
        return GitRemote.of(address, request.credentials(), settings, context);
    }

    private void fill(Mirror mirror, boolean fresh, GitRemote remote, Revision revision) throws IOException {
        Optional<ObjectId> exact = RevisionLookup.exact(revision);
        if (exact.isPresent() && mirror.has(exact.get())) {
            console()
                    .line("git: commit " + exact.get().abbreviate(12).name() + " of '" + remote.address()
                            + "' is in the cache");
            return;
        }
        console().line("git: " + (fresh ? "cloning '" : "fetching '") + remote.address() + "'");
        remote.fetchAll(mirror.repository(), settings.fetchesTags(), progress);
        if (exact.isPresent() && !mirror.has(exact.get())) {
            try {
                remote.fetchCommit(mirror.repository(), exact.get().name(), progress);
            } catch (TransportException e) {
                // The server has no such commit or gives none by name; the look-up tells the user.
                System.getLogger(CheckoutJob.class.getName())
                        .log(System.Logger.Level.DEBUG, "commit not given by name", e);
            }
        }
    }

    private static WorkingTree treeOf(Mirror mirror, RepositoryAddress address, Revision revision, Path target)
            throws IOException {
        RevisionLookup lookup = new RevisionLookup(mirror.repository());
        Optional<ObjectId> commit = lookup.find(revision);
        if (commit.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CHECKOUT_FAILED,
                    "'" + address + "' has no " + RevisionLookup.words(revision) + "; " + lookup.advice(revision));
        }
        WorkingTree tree = WorkingTree.create(target, mirror, address.text());
        tree.detach(commit.get());
        return tree;
    }

    private static ObjectId requireHead(WorkingTree tree) throws IOException {
        ObjectId head = tree.repository().resolve("HEAD");
        if (head == null) {
            throw new IOException("the working copy lost its commit");
        }
        return head;
    }
}
