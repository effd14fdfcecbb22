// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.util.List;
import ml.clear.agent.api.vcs.HostRule;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The credentials of {@code clearml.conf}: every entry whose host matches, in their order. */
final class ConfiguredCredentials implements VcsCredentialProvider {

    private final CredentialSettings settings;

    ConfiguredCredentials(CredentialSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        if (!repository.isHttp()) {
            return List.of(); // ssh uses keys, git's own protocol no credentials
        }
        return settings.entries().stream()
                .filter(entry -> new HostRule(entry.host(), settings.matchPrefix()).matches(repository))
                .map(this::credential)
                .toList();
    }

    private VcsCredential credential(CredentialSettings.Entry entry) {
        return switch (settings.scheme()) {
            case PAIR -> new UserPassword(entry.user(), entry.password());
            case BEARER -> new BearerToken(entry.password());
            case PERSONAL_TOKEN -> new UserPassword("", entry.password());
        };
    }
}
