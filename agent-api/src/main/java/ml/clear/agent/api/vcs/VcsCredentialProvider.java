// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.List;
import ml.clear.agent.api.Stability;

/**
 * Finds credentials for repositories. Safe for several threads.
 *
 * <p>A version control system does not ask a provider itself: it is given a {@link CredentialChain}, which asks all providers
 * in order and reports refusals back to them.
 */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface VcsCredentialProvider {

    /**
     * Find credentials for a repository.
     *
     * <p>May block for at most 30 seconds.
     *
     * @param repository the address; its user, if any, is the one to prefer
     * @return what may open the repository, the most specific first; empty when this provider knows nothing about the
     *     address, so that the next one is asked
     * @throws ml.clear.agent.api.error.AgentException {@code CREDENTIAL_STORE_UNAVAILABLE} when the store knows the host
     *     but cannot be read; the next provider is asked, and the message becomes part of the failure when none answers
     * @throws InterruptedException when interrupted; programs that were started have ended
     */
    List<VcsCredential> lookUp(RepositoryAddress repository) throws InterruptedException;

    /**
     * Learn that the server refused a credential of {@link #lookUp}. A provider that caches tokens drops this one; most
     * need not do anything, since the chain does not use the credential again for this repository.
     *
     * @param repository the address that it was refused for
     * @param credential what was refused, the same object that was returned
     * @throws InterruptedException when interrupted
     */
    default void refused(RepositoryAddress repository, VcsCredential credential) throws InterruptedException {}
}
