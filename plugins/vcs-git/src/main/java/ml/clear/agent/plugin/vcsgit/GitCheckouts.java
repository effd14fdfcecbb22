// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.RepositoryCache;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;

/** Makes working copies and applies diffs to them. */
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
        this.mirrors = new MirrorCache(
                new RepositoryCache("git", context.settings(), context.clock()), settings.cloneOnFetchFailure(), git);
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
                mirrors.evict();
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

    InstantSource clock() {
        return context.clock();
    }

    MirrorCache mirrors() {
        return mirrors;
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
}
