// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.WorkingCopy;

/** Version control with the installed {@code hg}. */
final class HgVersionControl implements VersionControl {

    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "file");
    private static final Duration PROBE_LIMIT = Duration.ofMinutes(1);

    private final HgProgram hg;
    private final HgMirrors mirrors;
    private final HgWorkingCopies copies;

    HgVersionControl(PluginContext context) {
        this.hg = new HgProgram(context);
        this.mirrors = new HgMirrors(hg, context.cacheFolder().resolve("repositories"));
        this.copies = new HgWorkingCopies(hg);
    }

    @Override
    public Claim claim(RepositoryAddress repository) {
        if (!repository.system().isEmpty()) {
            return repository.system().equals("hg") ? Claim.OWN : Claim.NONE;
        }
        if (!SCHEMES.contains(repository.scheme())) {
            return Claim.NONE;
        }
        if (isOfHg(repository)) {
            return Claim.OWN;
        }
        return hg.isInstalled() && !repository.path().endsWith(".git") ? Claim.POSSIBLE : Claim.NONE;
    }

    /** Whether the form of an address, or the folder that it names, identifies a Mercurial repository. */
    static boolean isOfHg(RepositoryAddress repository) {
        return (repository.isSsh() && repository.user().equals("hg"))
                || repository.host().startsWith("hg.")
                || (repository.scheme().equals("file") && Files.isDirectory(Path.of(repository.path(), ".hg")));
    }

    @Override
    public boolean wrote(String diff) {
        return diff.startsWith("diff -r ") || diff.startsWith("# HG changeset patch");
    }

    @Override
    public boolean probe(RepositoryAddress repository, CredentialChain credentials) throws InterruptedException {
        if (repository.scheme().equals("file")) {
            return isOfHg(repository);
        }
        HgAccess access = new HgAccess(hg, repository, credentials);
        try {
            return mirrors.locked(repository, mirror -> Files.isDirectory(mirror))
                    || access.run(Path.of("/"), PROBE_LIMIT, List.of("identify", "--id", access.url()))
                            .succeeded();
        } catch (IOException | HgFailure | AgentException e) {
            return false;
        }
    }

    @Override
    public Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        boolean done = false;
        try {
            Checkout checkout = mirrors.locked(request.repository(), mirror -> checkOut(request, mirror));
            done = true;
            return checkout;
        } catch (HgFailure e) {
            throw failure(request, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failure(request, e.toString(), e);
        } finally {
            if (!done) {
                remove(request.target());
            }
        }
    }

    private Checkout checkOut(CheckoutRequest request, Path mirror)
            throws IOException, InterruptedException, HgFailure {
        HgRevision revision = HgRevision.of(request.revision());
        HgAccess access = new HgAccess(hg, request.repository(), request.credentials());
        String commit = revision.fixed() ? mirrors.commit(mirror, revision.expression()) : "";
        if (commit.isEmpty()) {
            mirrors.update(mirror, access, request.console());
            commit = mirrors.commit(mirror, revision.expression());
        }
        if (commit.isEmpty() && !request.revision().branch().isBlank()) {
            mirrors.pullBookmark(mirror, access, request.revision().branch());
            commit = mirrors.commit(mirror, revision.expression());
        }
        if (commit.isEmpty()) {
            throw new HgFailure("there is no " + revision.words() + "; correct it in the task");
        }
        Files.createDirectories(request.target().resolveSibling("."));
        Files.deleteIfExists(request.target()); // hg creates it
        mirrors.copy(mirror, commit, access, request.target());
        return new Checkout(request.target(), commit);
    }

    private static AgentException failure(CheckoutRequest request, String why, Exception cause) {
        String account = request.repository().isHttp()
                ? "; credentials: " + request.credentials().account(request.repository())
                : "";
        return new AgentException(
                ErrorCode.CHECKOUT_FAILED,
                "cannot check out " + HgRevision.of(request.revision()).words() + " of '" + request.repository() + "': "
                        + why + account,
                cause);
    }

    private static void remove(Path target) {
        try {
            Folders.delete(target);
        } catch (IOException e) {
            System.getLogger(HgVersionControl.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot remove the unfinished checkout ''{0}''", target);
        }
    }

    @Override
    public void applyDiff(Checkout checkout, Path diff, Console console) throws InterruptedException {
        try {
            new HgDiff(hg, checkout.root()).apply(diff);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "the diff cannot be written to '" + checkout.root() + "': " + e, e);
        }
    }

    @Override
    public Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        return copies.describe(folder);
    }

    @Override
    public List<Path> untracked(WorkingCopy copy, Path script) throws InterruptedException {
        return copies.untracked(copy, script);
    }

    @Override
    public void writeDiff(WorkingCopy copy, List<Path> added, Path diff) throws InterruptedException {
        copies.writeDiff(copy, added, diff);
    }
}
