// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.Optional;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/**
 * Answers JGit's questions for user and password. A question for another host than the repository's, after a redirect, is
 * looked up for that host.
 */
final class CredentialAnswers extends CredentialsProvider {

    private final RepositoryAddress address;
    private final Optional<VcsCredential> known;
    private final CredentialChain provider;
    private boolean answered;

    CredentialAnswers(RepositoryAddress address, Optional<VcsCredential> known, CredentialChain provider) {
        this.address = address;
        this.known = known;
        this.provider = provider;
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) {
        // JGit asks again, without end, when an answer is refused.
        if (answered || !supports(items)) {
            return false;
        }
        answered = true;
        if (uri.getPass() != null) {
            return fill(uri.getUser() == null ? "" : uri.getUser(), uri.getPass(), items);
        }
        return credential(uri)
                .filter(UserPassword.class::isInstance)
                .map(UserPassword.class::cast)
                .map(pair -> fill(pair.user(), pair.password().reveal(), items))
                .orElse(false);
    }

    private Optional<VcsCredential> credential(URIish uri) {
        RepositoryAddress asked = RepositoryAddress.parse(uri.toString());
        boolean same = asked.host().equals(address.host())
                && asked.port() == address.port()
                && asked.scheme().equals(address.scheme());
        return same ? known : find(asked);
    }

    private Optional<VcsCredential> find(RepositoryAddress asked) {
        try {
            return provider.find(asked);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean fill(String user, String password, CredentialItem... items) {
        for (CredentialItem item : items) {
            if (item instanceof CredentialItem.Username name) {
                name.setValue(user);
            } else if (item instanceof CredentialItem.Password secret) {
                secret.setValue(password.toCharArray());
            }
        }
        return true;
    }
}
