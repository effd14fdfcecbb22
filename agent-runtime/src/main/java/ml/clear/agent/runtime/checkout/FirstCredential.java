// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** Asks several providers in order; the first that knows the address answers. */
final class FirstCredential implements VcsCredentialProvider {

    private final List<VcsCredentialProvider> providers;

    FirstCredential(List<VcsCredentialProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    @Override
    public Optional<VcsCredential> lookUp(RepositoryAddress repository) {
        for (VcsCredentialProvider provider : providers) {
            Optional<VcsCredential> credential = provider.lookUp(repository);
            if (credential.isPresent()) {
                return credential;
            }
        }
        return Optional.empty();
    }
}
