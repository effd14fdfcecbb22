// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import static org.assertj.core.api.Assertions.assertThat;

import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import org.junit.jupiter.api.Test;

class CredentialHelperTest {

    @Test
    void questionGoesThroughStandardInputAndNobodyIsPrompted() {
        Command command = CredentialHelper.fill(RepositoryAddress.parse("https://me@host:8443/a/b.git"));

        assertThat(command.arguments()).containsExactly("git", "credential", "fill");
        assertThat(command.input()).isEqualTo("protocol=https\nhost=host:8443\npath=a/b.git\nusername=me\n\n");
        assertThat(command.environment()).containsEntry("GIT_TERMINAL_PROMPT", "0");
    }

    @Test
    void answerMayHoldEqualSignsInThePassword() {
        assertThat(CredentialHelper.parse("protocol=https\nusername=ada\npassword=a=b=\n"))
                .get()
                .isInstanceOfSatisfying(UserPassword.class, pair -> {
                    assertThat(pair.user()).isEqualTo("ada");
                    assertThat(pair.password().reveal()).isEqualTo("a=b=");
                });
    }

    @Test
    void answerWithoutPasswordIsNone() {
        assertThat(CredentialHelper.parse("protocol=https\nhost=h\n")).isEmpty();
    }
}
