// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.error.AgentException;
import org.jspecify.annotations.Nullable;

/**
 * The providers of credentials, asked in order. A version control system uses what {@link #find} returns, reports a refusal
 * with {@link #refused}, and asks again:
 *
 * <pre>{@code
 * Optional<VcsCredential> credential = chain.find(address);
 * while (!transfer(address, credential) && credential.isPresent()) {   // the server answered 401, 403 or 404
 *     chain.refused(address, credential.get());
 *     credential = chain.find(address);
 * }
 * }</pre>
 *
 * <p>What was found for one address is only ever used for this address: after a redirect to another host, and for a submodule,
 * the chain is asked for the address in question. Safe for several threads; providers are called by one thread at a time.
 */
@Stability.Incubating(since = "0.1")
public final class CredentialChain {

    private final List<Source> sources;
    private final Map<RepositoryAddress, Search> searches = new HashMap<>();

    /** A chain of these sources, in this order. */
    public CredentialChain(List<Source> sources) {
        this.sources = List.copyOf(sources);
    }

    /** A chain that asks another provider before those of this one. */
    public CredentialChain startingWith(Source first) {
        List<Source> all = new ArrayList<>(List.of(first));
        all.addAll(sources);
        return new CredentialChain(all);
    }

    /** A chain without any provider. */
    public static CredentialChain empty() {
        return new CredentialChain(List.of());
    }

    /**
     * A provider with its name.
     *
     * @param name the name of the contribution, such as {@code netrc}
     * @param provider the provider
     */
    public record Source(String name, VcsCredentialProvider provider) {

        /** Checks for absence. */
        public Source {
            Objects.requireNonNull(name);
            Objects.requireNonNull(provider);
        }
    }

    /**
     * The credential to use for an address now: the same one until it is refused.
     *
     * @return empty when no provider knows another one
     * @throws InterruptedException when interrupted while a provider was working
     */
    public synchronized Optional<VcsCredential> find(RepositoryAddress repository) throws InterruptedException {
        return Optional.ofNullable(search(repository).current());
    }

    /**
     * Report that the server refused a credential for an address, so that {@link #find} returns the next one. Without effect
     * when the credential is not the one that {@code find} returns now, since another thread has reported it already.
     *
     * @throws InterruptedException when interrupted while the provider was working
     */
    public synchronized void refused(RepositoryAddress repository, VcsCredential credential)
            throws InterruptedException {
        search(repository).refused(credential);
    }

    /**
     * What the providers answered for an address, for the message of a failure: {@code git-config: refused; netrc: nothing}.
     * Providers that were not asked are left out; {@code no credential provider is installed} without any provider.
     */
    public synchronized String account(RepositoryAddress repository) {
        if (sources.isEmpty()) {
            return "no credential provider is installed";
        }
        Search search = searches.get(repository);
        return search == null || search.answers.isEmpty()
                ? "no credential provider was asked"
                : String.join("; ", search.answers);
    }

    private Search search(RepositoryAddress repository) {
        return searches.computeIfAbsent(repository, Search::new);
    }

    /** Where the search for one address stands. */
    private final class Search {

        private final RepositoryAddress repository;
        private final List<String> answers = new ArrayList<>();
        private final Deque<VcsCredential> candidates = new ArrayDeque<>();
        private int asked;

        Search(RepositoryAddress repository) {
            this.repository = repository;
        }

        @Nullable
        VcsCredential current() throws InterruptedException {
            while (candidates.isEmpty() && asked < sources.size()) {
                Source source = sources.get(asked);
                answers.add(source.name() + ": " + ask(source));
                asked++;
            }
            return candidates.peek();
        }

        private String ask(Source source) throws InterruptedException {
            try {
                candidates.addAll(source.provider().lookUp(repository));
                return candidates.isEmpty() ? "nothing" : "answered";
            } catch (AgentException e) {
                return "failed, " + e.getMessage();
            }
        }

        void refused(VcsCredential credential) throws InterruptedException {
            if (candidates.peek() != credential) {
                return;
            }
            candidates.remove();
            Source source = sources.get(asked - 1);
            answers.set(answers.size() - 1, source.name() + ": refused");
            source.provider().refused(repository, credential);
        }
    }
}
