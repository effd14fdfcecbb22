// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain.Source;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import org.junit.jupiter.api.Test;

class CredentialChainTest {

    private static final RepositoryAddress REPOSITORY = RepositoryAddress.parse("https://host/team/a.git");
    private static final RepositoryAddress OTHER = RepositoryAddress.parse("https://host/team/b.git");

    private final VcsCredential first = new UserPassword("first", Secret.of("1"));
    private final VcsCredential second = new UserPassword("second", Secret.of("2"));
    private final VcsCredential third = new UserPassword("third", Secret.of("3"));

    @Test
    void theSameCredentialIsFoundUntilItIsRefused() throws Exception {
        CredentialChain chain = chain(source("a", first, second), source("none"), source("b", third));

        assertThat(chain.find(REPOSITORY)).containsSame(first);
        assertThat(chain.find(REPOSITORY)).containsSame(first);
        chain.refused(REPOSITORY, first);
        assertThat(chain.find(REPOSITORY)).containsSame(second);
        chain.refused(REPOSITORY, second);
        assertThat(chain.find(REPOSITORY)).containsSame(third);
        chain.refused(REPOSITORY, third);
        assertThat(chain.find(REPOSITORY)).isEmpty();
        assertThat(chain.account(REPOSITORY)).isEqualTo("a: refused; none: nothing; b: refused");
    }

    @Test
    void aRefusalCountsForItsAddressAlone() throws Exception {
        CredentialChain chain = chain(source("a", first));

        chain.refused(REPOSITORY, chain.find(REPOSITORY).orElseThrow());

        assertThat(chain.find(REPOSITORY)).isEmpty();
        assertThat(chain.find(OTHER)).containsSame(first);
    }

    @Test
    void aLateReportOfTheSameRefusalSkipsNothing() throws Exception {
        CredentialChain chain = chain(source("a", first, second));
        chain.find(REPOSITORY);

        chain.refused(REPOSITORY, first);
        chain.refused(REPOSITORY, first);

        assertThat(chain.find(REPOSITORY)).containsSame(second);
    }

    @Test
    void theProviderLearnsOfTheRefusal() throws Exception {
        List<VcsCredential> refused = new ArrayList<>();
        CredentialChain chain = chain(new Source("a", new VcsCredentialProvider() {
            @Override
            public List<VcsCredential> lookUp(RepositoryAddress repository) {
                return List.of(first);
            }

            @Override
            public void refused(RepositoryAddress repository, VcsCredential credential) {
                refused.add(credential);
            }
        }));

        chain.refused(REPOSITORY, chain.find(REPOSITORY).orElseThrow());

        assertThat(refused).containsExactly(first);
    }

    @Test
    void aProviderThatFailsIsSkippedAndNamed() throws Exception {
        CredentialChain chain = chain(
                new Source("vault", _ -> {
                    throw new AgentException(ErrorCode.CREDENTIAL_STORE_UNAVAILABLE, "the vault is sealed");
                }),
                source("b", first));

        assertThat(chain.find(REPOSITORY)).containsSame(first);
        assertThat(chain.account(REPOSITORY)).isEqualTo("vault: failed, the vault is sealed; b: answered");
    }

    @Test
    void anInterruptedLookUpIsInterrupted() {
        CredentialChain chain = chain(new Source("slow", _ -> {
            throw new InterruptedException();
        }));

        assertThatThrownBy(() -> chain.find(REPOSITORY)).isInstanceOf(InterruptedException.class);
    }

    private static CredentialChain chain(Source... sources) {
        return new CredentialChain(List.of(sources));
    }

    private static Source source(String name, VcsCredential... credentials) {
        return new Source(name, _ -> List.of(credentials));
    }
}
