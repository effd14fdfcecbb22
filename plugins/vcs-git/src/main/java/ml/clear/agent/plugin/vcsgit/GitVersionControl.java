// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.jspecify.annotations.Nullable;

/** The entrance: knows nothing of JGit, so that its classes are loaded when a repository is really used. */
final class GitVersionControl implements VersionControl {

    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file");

    private final PluginContext context;
    private @Nullable GitCheckouts checkouts;

    GitVersionControl(PluginContext context) {
        this.context = context;
    }

    @Override
    public boolean handles(RepositoryAddress repository) {
        return SCHEMES.contains(repository.scheme());
    }

    @Override
    public Checkout checkOut(CheckoutRequest request) throws InterruptedException {
        return checkouts().checkOut(request);
    }

    @Override
    public void applyDiff(Checkout checkout, String diff) throws InterruptedException {
        checkouts().applyDiff(checkout, diff);
    }

    @Override
    public Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        return checkouts().describe(folder);
    }

    @Override
    public void remember(WorkingCopy copy, VcsCredentialProvider credentials, Console console)
            throws InterruptedException {
        checkouts().remember(copy, credentials, console);
    }

    private synchronized GitCheckouts checkouts() {
        if (checkouts == null) {
            checkouts = GitCheckouts.of(context);
        }
        return checkouts;
    }
}
