// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VersionControl;
import org.jspecify.annotations.Nullable;

/** Version control with the installed git. */
final class GitVersionControl implements VersionControl {

    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file");

    /** Hosts that serve only git. */
    private static final Set<String> HOSTS_OF_GIT =
            Set.of("github.com", "gitlab.com", "bitbucket.org", "dev.azure.com", "ssh.dev.azure.com", "codeberg.org");

    private final PluginContext context;
    private @Nullable GitCheckouts checkouts;

    GitVersionControl(PluginContext context) {
        this.context = context;
    }

    @Override
    public Claim claim(RepositoryAddress repository) {
        if (!repository.system().isEmpty()) {
            return repository.system().equals("git") ? Claim.OWN : Claim.NONE;
        }
        if (!SCHEMES.contains(repository.scheme())) {
            return Claim.NONE;
        }
        return isOfGit(repository) ? Claim.OWN : Claim.POSSIBLE;
    }

    private static boolean isOfGit(RepositoryAddress repository) {
        String path = repository.path().replaceAll("/+$", "");
        return repository.scheme().equals("git")
                || repository.user().equals("git")
                || path.endsWith(".git")
                || path.contains("/_git/")
                || HOSTS_OF_GIT.contains(repository.host())
                || (repository.scheme().equals("file") && isRepository(Path.of(path.isEmpty() ? "/" : path)));
    }

    private static boolean isRepository(Path folder) {
        return Files.exists(folder.resolve(".git"))
                || (Files.exists(folder.resolve("HEAD")) && Files.isDirectory(folder.resolve("objects")));
    }

    @Override
    public boolean wrote(String diff) {
        return diff.startsWith("diff --git ") && diff.contains("\nindex ");
    }

    @Override
    public boolean probe(RepositoryAddress repository, CredentialChain credentials) throws InterruptedException {
        return checkouts().isThere(repository, credentials);
    }

    @Override
    public Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        return checkouts().checkOut(request);
    }

    @Override
    public void applyDiff(Checkout checkout, Path diff, Console console) throws InterruptedException {
        checkouts().applyDiff(checkout, diff, console);
    }

    @Override
    public Optional<LocalCode> localCode() {
        return Optional.of(new GitLocalCode(checkouts()));
    }

    @Override
    public ProgramAccess programAccess(List<RepositoryAddress> repositories, CredentialChain credentials)
            throws InterruptedException {
        return new GitProgramAccess(checkouts(), credentials).to(repositories);
    }

    private synchronized GitCheckouts checkouts() {
        if (checkouts == null) {
            checkouts = new GitCheckouts(context);
        }
        return checkouts;
    }
}
