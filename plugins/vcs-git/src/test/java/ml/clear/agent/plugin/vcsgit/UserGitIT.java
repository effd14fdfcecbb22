// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.PrivateAuthority;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git on this machine can fetch, the agent can. */
@Tag("thorough")
class UserGitIT {

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("ada:geheim42".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private final Map<String, String> variables = new HashMap<>();
    private final List<String> console = new ArrayList<>();
    private Path home;
    private int copies;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        home = Files.createDirectories(folder.resolve("home"));
        variables.put("HOME", home.toString());
        Git.init(folder.resolve("served/team")).write("train.py", "print(1)\n").commit();
    }

    @Test
    void netrcOfTheUserOpensARepository() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), BASIC, null)) {
            assertThatThrownBy(() -> checkOut(server)).hasMessageContaining("refuses access");
            Files.writeString(home.resolve(".netrc"), "machine localhost login ada password geheim42\n");

            assertCheckedOut(server);
        }
    }

    @Test
    void credentialHelperOfTheUserOpensARepository() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), BASIC, null)) {
            Path helper = Files.writeString(
                    folder.resolve("helper"),
                    "#!/bin/sh\ntest \"$1\" = get && echo username=ada && echo password=geheim42\n");
            Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(home.resolve(".gitconfig"), "[credential]\n\thelper = " + helper + "\n");

            assertCheckedOut(server);
        }
    }

    @Test
    void headerOfGitsVariablesOpensARepository() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), BASIC, null)) {
            variables.put("GIT_CONFIG_COUNT", "1");
            variables.put("GIT_CONFIG_KEY_0", "http.extraHeader");
            variables.put("GIT_CONFIG_VALUE_0", "Authorization: " + BASIC);

            assertCheckedOut(server);
        }
    }

    @Test
    void authorityThatGitsConfigurationOrVariablesNameIsTrusted() throws Exception {
        PrivateAuthority authority = PrivateAuthority.in(folder);
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", authority.tls())) {
            assertThatThrownBy(() -> checkOut(server)).hasMessageContaining("no trusted connection");
            variables.put("GIT_SSL_CAINFO", authority.certificate().toString());
            assertCheckedOut(server);
            variables.remove("GIT_SSL_CAINFO");
            variables.put("GIT_SSL_NO_VERIFY", "true");
            assertCheckedOut(server);
            variables.remove("GIT_SSL_NO_VERIFY");
            Files.writeString(home.resolve(".gitconfig"), "[http]\n\tsslCAInfo = " + authority.certificate() + "\n");
            assertCheckedOut(server);
        }
    }

    @Test
    void sshCommandOfTheUsersConfigurationReachesARepository() throws Exception {
        Path command = Files.writeString(
                folder.resolve("reach"),
                "#!/bin/sh\necho \"$@\" >> " + folder.resolve("asked")
                        + "\nwhile [ $# -gt 1 ]; do shift; done\nexec sh -c \"$1\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                home.resolve(".gitconfig"), "[core]\n\tsshCommand = " + command + "\n[safe]\n\tdirectory = *\n");

        assertThat(checkOut("ssh://git@host" + folder.resolve("served/team"))
                        .root()
                        .resolve("train.py"))
                .exists();
        assertThat(folder.resolve("asked")).content().contains("git@host", "git-upload-pack");
    }

    @Test
    void addressesAreReplacedAsGitIsConfigured() throws Exception {
        Files.writeString(
                home.resolve(".gitconfig"),
                "[url \"" + folder.resolve("served") + "/\"]\n\tinsteadOf = https://company.example/\n");

        assertThat(checkOut("https://company.example/team").root().resolve("train.py"))
                .exists();
    }

    @Test
    void repositoryThatTheAgentWasStartedInDoesNotMatterAndTheUsersConfigurationStays() throws Exception {
        String configuration = "[user]\n\tname = Ada\n[diff]\n\tnoprefix = true\n[core]\n\tautocrlf = true\n";
        Files.writeString(home.resolve(".gitconfig"), configuration);
        variables.put("GIT_DIR", folder.resolve("elsewhere").toString());
        variables.put("GIT_WORK_TREE", folder.toString());
        variables.put("GIT_INDEX_FILE", folder.resolve("index").toString());

        Checkout checkout = checkOut(folder.resolve("served/team").toString());

        assertThat(checkout.root().resolve("train.py")).hasBinaryContent("print(1)\n".getBytes(StandardCharsets.UTF_8));
        assertThat(home.resolve(".gitconfig")).content().isEqualTo(configuration);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void machineWithoutGitSaysWhatToInstall() {
        variables.put("PATH", folder.toString());

        assertThatThrownBy(() -> checkOut(folder.resolve("served/team").toString()))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROGRAM_MISSING))
                .hasMessageContaining("the package 'git'");
    }

    private void assertCheckedOut(GitOverHttp server) throws Exception {
        assertThat(checkOut(server).root().resolve("train.py")).exists();
    }

    private Checkout checkOut(GitOverHttp server) throws InterruptedException {
        return checkOut(server.address("team/.git"));
    }

    private Checkout checkOut(String address) throws InterruptedException {
        // a cache each: a known repository would need no access
        Path own = folder.resolve("own" + copies);
        return new GitVersionControl(GitContext.in(own).with(GitContext.variables(variables)))
                .checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(address),
                        new Revision("", "", "main"),
                        folder.resolve("copy" + copies++),
                        CredentialChain.empty(),
                        console::add));
    }
}
