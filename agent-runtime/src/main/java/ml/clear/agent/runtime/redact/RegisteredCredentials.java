// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.util.List;
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
    public List<VcsCredential> lookUp(RepositoryAddress repository) throws InterruptedException {
        List<VcsCredential> answers = provider.lookUp(repository);
        answers.forEach(this::register);
        return answers;
    }

    @Override
    public void refused(RepositoryAddress repository, VcsCredential credential) throws InterruptedException {
        provider.refused(repository, credential);
    }

    private void register(VcsCredential credential) {
        switch (credential) {
            case VcsCredential.UserPassword login -> secrets.register(login.password());
            case VcsCredential.BearerToken bearer -> secrets.register(bearer.token());
            case VcsCredential.SshKey _ -> {} // a path, which is no secret
        }
    }
}
