package com.acme.gh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GhTokensTest extends VcsCredentialProviderContract {

    @TempDir
    Path folder;

    @Override
    protected VcsCredentialProvider provider() throws Exception {
        Path file = folder.resolve("hosts.yml");
        Files.writeString(file, """
            git.example.com:
                user: ci
                oauth_token: %s
                git_protocol: https
            """.formatted(secret()));
        return new GhTokens(file);
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://git.example.com/team/code.git");
    }

    @Override
    protected String secret() {
        return "gho_token-for-a-test";
    }

    @Test
    void addressesOfSshGetNoToken() throws Exception {
        assertThat(provider().lookUp(RepositoryAddress.parse("ssh://git@git.example.com/team/code.git")))
                .isEmpty();
    }

    @Test
    void aBrokenFileIsNamedAndNotQuoted() throws Exception {
        Path file = Files.writeString(folder.resolve("broken.yml"), "git.example.com: [" + secret());

        assertThatThrownBy(() -> new GhTokens(file).lookUp(known()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("broken.yml")
                .hasMessageNotContaining(secret());
    }
}
