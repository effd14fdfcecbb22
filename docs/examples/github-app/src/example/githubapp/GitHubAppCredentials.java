// SPDX-License-Identifier: Apache-2.0
package example.githubapp;

import java.util.List;
import java.util.Locale;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The tokens of an App for the repositories of one host. */
final class GitHubAppCredentials implements VcsCredentialProvider {

    private final String host;
    private final InstallationTokens tokens;

    GitHubAppCredentials(String host, InstallationTokens tokens) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.tokens = tokens;
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) throws InterruptedException {
        return repository.isHttp() && repository.host().equals(host)
                ? List.of(new UserPassword("x-access-token", tokens.current()))
                : List.of();
    }

    /** A token may be withdrawn before it expires; the next look-up gets another one. */
    @Override
    public void refused(RepositoryAddress repository, VcsCredential credential) {
        tokens.forget();
    }
}
