// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import org.junit.jupiter.api.Test;

class RegisteredCredentialsTest {

    private static final RepositoryAddress REPOSITORY = RepositoryAddress.parse("https://host/repository.git");

    @Test
    void theAnswerOfACredentialHelperIsMasked() throws InterruptedException {
        Redactor redactor = new Redactor();
        VcsCredential answer = new VcsCredential.UserPassword("ci", Secret.of("from-the-helper"));

        assertThat(new RegisteredCredentials(_ -> List.of(answer), redactor).lookUp(REPOSITORY))
                .contains(answer);

        assertThat(redactor.redact("fatal: from-the-helper was refused")).isEqualTo("fatal: **** was refused");
    }

    @Test
    void aBearerTokenIsMasked() throws InterruptedException {
        Redactor redactor = new Redactor();

        new RegisteredCredentials(_ -> List.of(new VcsCredential.BearerToken(Secret.of("bearer-token"))), redactor)
                .lookUp(REPOSITORY);

        assertThat(redactor.redact("bearer-token")).isEqualTo("****");
    }
}
