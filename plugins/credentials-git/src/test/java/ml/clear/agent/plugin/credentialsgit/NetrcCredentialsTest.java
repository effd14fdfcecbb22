// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetrcCredentialsTest extends VcsCredentialProviderContract {

    @TempDir
    private Path home;

    @BeforeEach
    void writeFile() throws Exception {
        Files.writeString(home.resolve(".netrc"), """
                # logins of the team
                machine git.example.org login ada password of-ada
                machine git.example.org
                    login bob
                    account unused
                    password "of bob"
                macdef init
                machine macro.example.org login x password x

                machine odd.example.org login machine password default
                default login anyone password anything
                """);
    }

    @Override
    protected VcsCredentialProvider provider() {
        return new NetrcCredentials(Map.of("HOME", home.toString()));
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://git.example.org/a/b.git");
    }

    @Override
    protected String secret() {
        return "of-ada";
    }

    @Test
    void allLoginsOfAHostAreTriedInTheirOrder() throws Exception {
        assertThat(provider().lookUp(known()))
                .map(found -> ((UserPassword) found).user() + " "
                        + ((UserPassword) found).password().reveal())
                .containsExactly("ada of-ada", "bob of bob");
    }

    @Test
    void theUserOfTheAddressChooses() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("https://bob@git.example.org/a.git")))
                .singleElement()
                .isInstanceOfSatisfying(
                        UserPassword.class, pair -> assertThat(pair.user()).isEqualTo("bob"));
    }

    @Test
    void keywordsMayBeValues() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("https://odd.example.org/a.git")))
                .singleElement()
                .isInstanceOfSatisfying(UserPassword.class, pair -> {
                    assertThat(pair.user()).isEqualTo("machine");
                    assertThat(pair.password().reveal()).isEqualTo("default");
                });
    }

    @Test
    void macrosAndTheDefaultEntryOpenNothing() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("https://macro.example.org/a.git")))
                .isEmpty();
        assertThat(provider().lookUp(RepositoryAddress.parse("https://elsewhere.example.org/a.git")))
                .isEmpty();
    }

    @Test
    void sshIsNotOpenedByPasswords() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("git@git.example.org:a.git")))
                .isEmpty();
    }

    @Test
    void anotherFileMayBeNamed() throws Exception {
        Path other = Files.writeString(home.resolve("other"), "machine h login u password p");

        assertThat(new NetrcCredentials(Map.of("HOME", home.toString(), "NETRC", other.toString()))
                        .lookUp(RepositoryAddress.parse("https://h/a")))
                .hasSize(1);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws Exception {
        Path file = home.resolve(".netrc");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user may read everything");

        assertThatThrownBy(() -> provider().lookUp(known()))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIAL_STORE_UNAVAILABLE))
                .hasMessageContaining(file.toString());
    }
}
