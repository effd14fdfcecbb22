// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.Optional;
import ml.clear.agent.api.Stability;

/** Finds credentials for repositories. */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface VcsCredentialProvider {

    /**
     * Find credentials for a repository.
     *
     * <p>Called from several threads; may block for at most 30 seconds.
     *
     * @param repository the address; its user, if any, is the one to prefer
     * @return empty when this provider knows nothing about the address, so that the next one is asked
     * @throws ml.clear.agent.api.error.AgentException {@code CREDENTIAL_STORE_UNAVAILABLE} when the store knows the host
     *     but cannot be read
     */
    Optional<VcsCredential> lookUp(RepositoryAddress repository);
}
