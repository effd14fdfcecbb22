// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.util.Optional;
import ml.clear.agent.api.spi.Secrets;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/**
 * A provider whose answers are registered as secrets before anything uses them.
 *
 * @param provider the provider that is asked
 * @param secrets where its answers are registered
 */
public record RegisteredCredentials(VcsCredentialProvider provider, Secrets secrets) implements VcsCredentialProvider {

    @Override
    public Optional<VcsCredential> lookUp(RepositoryAddress repository) {
        Optional<VcsCredential> answer = provider.lookUp(repository);
        answer.ifPresent(this::register);
        return answer;
    }

    private void register(VcsCredential credential) {
        switch (credential) {
            case VcsCredential.UserPassword login -> secrets.register(login.password());
            case VcsCredential.BearerToken bearer -> secrets.register(bearer.token());
            case VcsCredential.SshKey _ -> {} // a path, which is no secret
        }
    }
}
