// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import org.junit.jupiter.api.Test;

/** What every {@link VcsCredentialProvider} must do. */
public abstract class VcsCredentialProviderContract {

    /** For subclasses. */
    protected VcsCredentialProviderContract() {}

    /** A provider that knows {@link #known()} and nothing about other hosts. */
    protected abstract VcsCredentialProvider provider() throws Exception;

    /** An https address that the provider has credentials for. */
    protected abstract RepositoryAddress known();

    /** A text that must not be shown: the password or token for {@link #known()}. */
    protected abstract String secret();

    @Test
    final void knowsItsHostWhateverTheCase() throws Exception {
        RepositoryAddress known = known();
        RepositoryAddress shouted = RepositoryAddress.parse(
                known.text().replace(known.host(), known.host().toUpperCase(java.util.Locale.ROOT)));

        assertThat(provider().lookUp(known)).isNotEmpty();
        assertThat(provider().lookUp(shouted)).isNotEmpty();
    }

    @Test
    final void isSilentAboutOtherHosts() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("https://other.invalid/a/b.git")))
                .isEmpty();
        assertThat(provider().lookUp(RepositoryAddress.parse("https://" + known().host() + ".other.invalid/a/b.git")))
                .isEmpty();
    }

    @Test
    final void neverShowsTheSecret() throws Exception {
        VcsCredentialProvider provider = provider();

        List<VcsCredential> credentials = provider.lookUp(known());

        assertThat(credentials.toString()).doesNotContain(secret());
        assertThat(provider.toString()).doesNotContain(secret());
    }

    @Test
    final void goesOnAnsweringAfterARefusal() throws Exception {
        VcsCredentialProvider provider = provider();

        for (VcsCredential credential : provider.lookUp(known())) {
            provider.refused(known(), credential);
        }

        assertThat(provider.lookUp(RepositoryAddress.parse("https://other.invalid/a/b.git")))
                .isEmpty();
    }

    @Test
    final void answersSeveralThreads() throws Exception {
        VcsCredentialProvider provider = provider();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var answers = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> provider.lookUp(known()).isEmpty()))
                    .toList();
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get()).as("knows nothing").isFalse();
            }
        }
    }
}
