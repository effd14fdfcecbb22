// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.RepositoryCache;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.api.vcs.VersionControl;

/** Version control with the installed {@code hg}. */
final class HgVersionControl implements VersionControl {

    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "file");

    private final HgProgram hg;
    private final HgMirrors mirrors;
    private final boolean usesMirrors;

    HgVersionControl(PluginContext context) {
        this.hg = new HgProgram(context);
        this.mirrors = new HgMirrors(
                hg,
                new RepositoryCache("hg", context.settings(), context.clock()),
                context.settings().get(VcsSettings.CACHE_CLONE_ON_FAILURE));
        this.usesMirrors = context.settings().get(VcsSettings.CACHE_ENABLED);
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
        return mirrors.has(repository) || new HgAccess(hg, repository, credentials).isThere();
    }

    @Override
    public Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        boolean done = false;
        try {
            Files.createDirectories(request.target().resolveSibling("."));
            Files.deleteIfExists(request.target()); // hg creates it
            HgAccess access = new HgAccess(hg, request.repository(), request.credentials());
            String commit = usesMirrors ? throughMirror(request, access) : directly(request, access);
            mirrors.writeFiles(request.target(), commit, access);
            done = true;
            return new Checkout(request.target(), commit);
        } catch (HgFailure e) {
            throw failure(request, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failure(request, e.toString(), e);
        } finally {
            if (!done) {
                remove(request.target());
            } else if (usesMirrors) {
                mirrors.evict();
            }
        }
    }

    private String throughMirror(CheckoutRequest request, HgAccess access)
            throws IOException, InterruptedException, HgFailure {
        HgRevision revision = HgRevision.of(request.revision());
        return mirrors.locked(request.repository(), request.console(), mirror -> {
            String commit = revision.fixed() ? mirrors.commit(mirror, revision.expression()) : "";
            if (commit.isEmpty()) {
                mirrors.update(mirror, access, request.console());
                commit = find(mirror, request, access);
            }
            mirrors.copy(mirror, access, request.target());
            return commit;
        });
    }

    private String directly(CheckoutRequest request, HgAccess access)
            throws IOException, InterruptedException, HgFailure {
        mirrors.clone(request.target(), access, request.console());
        return find(request.target(), request, access);
    }

    private String find(Path repository, CheckoutRequest request, HgAccess access)
            throws InterruptedException, HgFailure {
        HgRevision revision = HgRevision.of(request.revision());
        String branch = request.revision().branch();
        String commit = mirrors.commit(repository, revision.expression());
        if (commit.isEmpty() && !branch.isBlank()) {
            mirrors.pullBookmark(repository, access, branch);
            commit = mirrors.commit(repository, revision.expression());
        }
        if (commit.isEmpty()) {
            throw new HgFailure("there is no " + revision.words() + "; correct it in the task");
        }
        return commit;
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
    public Optional<LocalCode> localCode() {
        return Optional.of(new HgLocalCode(hg));
    }

    @Override
    public ProgramAccess programAccess(List<RepositoryAddress> repositories, CredentialChain credentials)
            throws InterruptedException {
        if (!hg.isInstalled()) {
            return ProgramAccess.NONE; // the program reports that hg is missing
        }
        Map<RepositoryAddress, Optional<VcsCredential>> accepted = new LinkedHashMap<>();
        for (RepositoryAddress repository : repositories) {
            HgAccess access = new HgAccess(hg, repository, credentials);
            accepted.put(repository, repository.isSsh() ? access.credential() : access.accepted());
        }
        return hg.access(HgConfiguration.of(accepted));
    }
}
