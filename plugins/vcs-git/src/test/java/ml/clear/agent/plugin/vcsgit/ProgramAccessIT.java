// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.CredentialChain.Source;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git does when another program starts it and closes inherited descriptors, as pip does. */
class ProgramAccessIT {

    private static final VcsCredential RIGHT = new UserPassword("ada", Secret.of("it's \"right\" $HOME"));
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("ada:it's \"right\" $HOME".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private TestContext context;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        context = GitContext.in(folder.resolve("own"));
        Git.init(folder.resolve("served/team")).write("train.py", "print(1)\n").commit();
    }

    @Test
    void theServerOfTheRepositoryIsOpenedAndNoOther() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), BASIC, null);
                GitOverHttp other = new GitOverHttp(folder.resolve("served"), BASIC, null)) {
            VcsCredential wrong = new UserPassword("ada", Secret.of("wrong"));
            ProgramAccess access = access(server.address("team/.git"), wrong, RIGHT);

            assertThat(lists(access, server.address("team/.git"))).isTrue();
            assertThat(lists(access, server.address("team")))
                    .as("a submodule of it")
                    .isTrue();
            assertThat(lists(access, other.address("team/.git"))).isFalse();
            assertThat(lists(ProgramAccess.NONE, server.address("team/.git"))).isFalse();
        }
    }

    @Test
    void aTokenIsSentAsAHeader() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "Bearer token42", null)) {
            ProgramAccess access = access(server.address("team/.git"), new BearerToken(Secret.of("token42")));

            assertThat(lists(access, server.address("team/.git"))).isTrue();
        }
    }

    @Test
    void anSshAddressIsReachedAsTheRulesSay() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), BASIC, null)) {
            context = context.with(
                    GitContext.settings(folder.resolve("own")).with(GitSettings.REPLACEMENT_SCHEME, "http"));
            String address = server.address("team/.git").replace("http://", "ssh://git@");

            assertThat(lists(access(address, RIGHT), address)).isTrue();
        }
    }

    @Test
    void withoutCredentialsNothingIsChanged() throws Exception {
        ProgramAccess access = access("https://host.invalid/a.git");

        assertThat(access.variables()).containsOnlyKeys("GIT_TERMINAL_PROMPT", "GIT_CONFIG_COUNT");
        assertThat(access.secretFiles()).isEmpty();
    }

    private ProgramAccess access(String address, VcsCredential... credentials) throws InterruptedException {
        CredentialChain chain = new CredentialChain(
                List.of(new Source("test", repository -> repository.isHttp() ? List.of(credentials) : List.of())));
        return new GitVersionControl(context).programAccess(List.of(RepositoryAddress.parse("git+" + address)), chain);
    }

    private boolean lists(ProgramAccess access, String address) throws InterruptedException {
        String child = "import subprocess, sys; sys.exit(subprocess.run(['git', 'ls-remote', sys.argv[1]]).returncode)";
        CommandResult result = context.commands()
                .run(access.grant(Command.of("python3", "-c", child, address)
                                .environment("GIT_TERMINAL_PROMPT", "0")
                                .environment("GIT_CONFIG_GLOBAL", "/dev/null"))
                        .build());
        return result.succeeded();
    }
}
