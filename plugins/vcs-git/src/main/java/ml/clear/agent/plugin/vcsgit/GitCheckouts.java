// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.SystemReader;

/** Makes working copies, applies diffs to them and describes those that users work in. */
final class GitCheckouts {

    private static final Set<String> KNOWN_FETCH_ARGUMENTS = Set.of(
            "--all",
            "--tags",
            "-t",
            "--no-tags",
            "-n",
            "--recurse-submodules",
            "--recurse-submodules=yes",
            "--recurse-submodules=on-demand",
            "--recurse-submodules=no",
            "--no-recurse-submodules",
            "--prune",
            "-p",
            "--force",
            "-f",
            "--quiet",
            "-q",
            "--verbose",
            "-v",
            "--progress");

    private final PluginContext context;
    private final GitSettings settings;

    private GitCheckouts(PluginContext context, GitSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Readies JGit, whose one view of the machine is global to the class loader of this plugin. */
    static GitCheckouts of(PluginContext context) {
        if (!(SystemReader.getInstance() instanceof IsolatedSystemReader)) {
            SystemReader.setInstance(new IsolatedSystemReader(
                    context.environment(),
                    context.cacheFolder().resolve("file-systems.config"),
                    SystemReader.getInstance()));
        }
        return new GitCheckouts(context, GitSettings.from(context.settings()));
    }

    Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        Path target = request.target();
        boolean existed = Files.isDirectory(target);
        tellIgnoredArguments(request);
        boolean done = false;
        try {
            makeTarget(target);
            Checkout checkout =
                    settings.cacheEnabled() ? checkOutThrough(request, settings.cachePath()) : checkOutOnce(request);
            done = true;
            return checkout;
        } catch (InterruptedException e) {
            Thread.interrupted(); // the exception says it
            throw e;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw interruption(e);
            }
            throw CheckoutFailure.explain(e, request.repository(), request.revision());
        } finally {
            if (!done) {
                removeTarget(target, existed);
            }
        }
    }

    void applyDiff(Checkout checkout, String diff) throws InterruptedException {
        try {
            PatchApplication.of(checkout.root(), diff).apply();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw interruption(e);
            }
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the diff cannot be written to '" + checkout.root() + "': " + CheckoutFailure.reason(e),
                    e);
        }
    }

    Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        try {
            return WorkingCopyDescription.of(folder);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw interruption(e);
            }
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the working copy in '" + folder + "' cannot be read: " + CheckoutFailure.reason(e),
                    e);
        }
    }

    /** A shallow copy lacks what a mirror must have, so it is left to the other side. */
    void remember(WorkingCopy copy, CredentialChain credentials, Console console) throws InterruptedException {
        if (!settings.cacheEnabled() || copy.origin().isEmpty() || copy.commit().isEmpty() || isShallow(copy)) {
            return;
        }
        try {
            RepositoryAddress origin = RepositoryAddress.parse(copy.origin());
            GitRemote here = new GitRemote(
                    RepositoryAddress.parse(copy.root().toString()),
                    credentials,
                    context.network(),
                    context.environment());
            new MirrorCache(settings.cachePath(), settings.cloneOnFetchFailure())
                    .use(
                            GitRemote.of(origin, credentials, settings, context).address(),
                            console,
                            (mirror, fresh) -> keep(mirror, here, copy.commit()),
                            mirror -> copy);
        } catch (IOException | IllegalArgumentException e) {
            if (Thread.interrupted()) {
                throw interruption(e);
            }
            System.getLogger(GitCheckouts.class.getName())
                    .log(System.Logger.Level.DEBUG, "cannot keep the commit of '" + copy.root() + "'", e);
        }
    }

    /** Whether a mirror or the other side has the repository. */
    boolean isThere(RepositoryAddress repository, CredentialChain credentials) throws InterruptedException {
        GitRemote remote = GitRemote.of(repository, credentials, settings, context);
        boolean there = remote.answers();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while asking for a repository");
        }
        return there;
    }

    private static void keep(Mirror mirror, GitRemote here, String commit) throws IOException {
        if (!mirror.has(ObjectId.fromString(commit))) {
            here.fetchHead(mirror.repository(), commit);
        }
    }

    private static boolean isShallow(WorkingCopy copy) {
        return Files.exists(copy.root().resolve(".git").resolve("shallow"));
    }

    private Checkout checkOutThrough(CheckoutRequest request, Path cache) throws IOException, InterruptedException {
        MirrorCache mirrors = new MirrorCache(cache, settings.cloneOnFetchFailure());
        return new CheckoutJob(context, settings, mirrors, request).run();
    }

    /** Without a cache the mirror lives as long as the checkout is being made. */
    private Checkout checkOutOnce(CheckoutRequest request) throws IOException, InterruptedException {
        Path passing = request.target().resolveSibling(".mirrors-" + UUID.randomUUID());
        try {
            return checkOutThrough(request, passing);
        } finally {
            Folders.delete(passing);
        }
    }

    private void tellIgnoredArguments(CheckoutRequest request) {
        List<String> ignored = settings.fetchArguments().stream()
                .filter(argument -> !KNOWN_FETCH_ARGUMENTS.contains(argument))
                .toList();
        if (!ignored.isEmpty()) {
            request.console()
                    .line("git: agent.git_fetch_args has no effect for '" + String.join("', '", ignored) + "'");
        }
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

    private static InterruptedException interruption(Exception cause) {
        InterruptedException interruption = new InterruptedException("interrupted while working with a repository");
        interruption.initCause(cause);
        return interruption;
    }
}
