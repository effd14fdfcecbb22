// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.testkit.ProcessCommandRunner;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The provider with a helper that keeps one login in a file, as git's own {@code store} does. */
class CredentialHelperIT extends VcsCredentialProviderContract {

    @TempDir
    private Path folder;

    private Map<String, String> environment = Map.of();

    @BeforeEach
    void configureGit() throws Exception {
        Path store = folder.resolve("store");
        Files.writeString(store, "https://ada:a%3Db@git.example.org\n");
        Path config = folder.resolve("gitconfig");
        Files.writeString(config, "[credential]\n\thelper = store --file=" + store + "\n");
        environment = new HashMap<>(System.getenv());
        environment.put("GIT_CONFIG_GLOBAL", config.toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
    }

    @Override
    protected VcsCredentialProvider provider() {
        return new CredentialHelper(new ProcessCommandRunner(environment), environment);
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://git.example.org/a/b.git");
    }

    @Override
    protected String secret() {
        return "a=b";
    }

    @Test
    void passwordsAreTakenFromTheHelper() throws Exception {
        assertThat(provider().lookUp(known())).singleElement().isInstanceOfSatisfying(UserPassword.class, pair -> {
            assertThat(pair.user()).isEqualTo("ada");
            assertThat(pair.password().reveal()).isEqualTo("a=b");
        });
    }

    @Test
    void aRefusedPasswordIsDroppedByTheStore() throws Exception {
        VcsCredential wrong = provider().lookUp(known()).getFirst();

        provider().refused(known(), wrong);

        assertThat(folder.resolve("store")).isEmptyFile();
        assertThat(provider().lookUp(known())).isEmpty();
    }

    @Test
    void questionsGoThroughStandardInputAndOpenNoPrompt() {
        Command command = new CredentialHelper(new ProcessCommandRunner(Map.of()), Map.of())
                .command("fill", CredentialHelper.question(RepositoryAddress.parse("https://me@host:8443/a/b.git")));

        assertThat(command.arguments()).containsExactly("git", "credential", "fill");
        assertThat(command.input()).isEqualTo("protocol=https\nhost=host:8443\npath=a/b.git\nusername=me\n\n");
        assertThat(command.environment())
                .containsEntry("GIT_TERMINAL_PROMPT", "0")
                .containsEntry("GIT_ASKPASS", "true");
    }

    @Test
    void theUsersOwnProgramForPasswordsIsAsked() {
        Command command = new CredentialHelper(new ProcessCommandRunner(Map.of()), Map.of("GIT_ASKPASS", "/opt/ask"))
                .command("fill", "");

        assertThat(command.environment()).doesNotContainKey("GIT_ASKPASS");
    }

    @Test
    void answerWithoutPasswordIsNone() {
        assertThat(CredentialHelper.parse("protocol=https\nhost=h\n")).isEmpty();
    }
}
