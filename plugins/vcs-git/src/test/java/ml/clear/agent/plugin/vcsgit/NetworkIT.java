// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.PrivateAuthority;
import ml.clear.agent.testkit.SshServer;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkIT {

    private static final Revision MAIN = new Revision("", "", "main");
    private static final String PASSWORD = "geheim42";

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private TestContext context;
    private int copies;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        context = GitContext.in(folder.resolve("own"));
        Git.init(folder.resolve("served/team")).write("train.py", "print(1)\n").commit();
    }

    @Test
    void userAndPasswordOpenARepositoryAndAreNeverTold() throws Exception {
        String basic =
                "Basic " + Base64.getEncoder().encodeToString(("ada:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), basic, null)) {
            String address = server.address("team/.git");
            Checkout checkout = checkOut(address.replace("//", "//ada:" + PASSWORD + "@"), pair(PASSWORD));

            assertThat(checkout.root().resolve("train.py")).exists();
            assertThat(Files.readString(checkout.root().resolve(".git/config"))).doesNotContain(PASSWORD);
            assertThat(checkOut(server.address("moved/team/.git"), pair(PASSWORD))
                            .root())
                    .exists();
            assertThatThrownBy(() -> checkOut(server.address("team//.git"), pair("wrong-" + PASSWORD)))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKOUT_FAILED))
                    .hasMessageContaining("refuses access")
                    .hasMessageContaining("agent.git_user")
                    .hasMessageNotContaining(PASSWORD);
            assertThatThrownBy(() -> checkOut(server.address("absent.git"), pair(PASSWORD)))
                    .hasMessageContaining("no such repository");
            assertThat(told.toString()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void bearerTokenIsSentAsAHeader() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "Bearer " + PASSWORD, null)) {
            BearerToken token = new BearerToken(Secret.of(PASSWORD));

            assertThat(checkOut(server.address("team/.git"), always(token)).root())
                    .exists();
        }
    }

    @Test
    void refusedCredentialMovesOnToTheNextProviderAndTheFailureNamesThem() throws Exception {
        String basic =
                "Basic " + Base64.getEncoder().encodeToString(("ada:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        VcsCredential wrong = new UserPassword("ada", Secret.of("wrong"));
        VcsCredential right = new UserPassword("ada", Secret.of(PASSWORD));
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), basic, null)) {
            CredentialChain both = new CredentialChain(List.of(
                    new CredentialChain.Source("first", _ -> List.of(wrong)),
                    new CredentialChain.Source("second", _ -> List.of(right))));
            assertThat(checkOut(server.address("team/.git"), both).root()).exists();

            CredentialChain refused = new CredentialChain(List.of(
                    new CredentialChain.Source("first", _ -> List.of(wrong)),
                    new CredentialChain.Source("second", _ -> List.of())));
            assertThatThrownBy(() -> checkOut(server.address("team//.git"), refused))
                    .hasMessageContaining("first: refused; second: nothing");
        }
    }

    @Test
    void credentialIsNotSentToWhereTheHostRedirects() throws Exception {
        try (GitOverHttp other = new GitOverHttp(folder.resolve("served"), "Basic nothing", null);
                GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", null)) {
            server.redirectTo(other.address("").replace("localhost", "127.0.0.1"));

            assertThatThrownBy(() -> checkOut(server.address("moved/team/.git"), pair(PASSWORD)))
                    .isInstanceOf(AgentException.class);
            BearerToken token = new BearerToken(Secret.of(PASSWORD));
            assertThatThrownBy(() -> checkOut(server.address("moved/team/.git"), always(token)))
                    .hasMessageContaining("redirects");

            assertThat(other.authorizations()).isEmpty();
        }
    }

    @Test
    void connectionThatIsLostHalfwayIsTriedAgainAndThenCleanedUp() throws Exception {
        byte[] noise = new byte[200_000];
        new Random(3).nextBytes(noise);
        Files.write(folder.resolve("served/team/noise.bin"), noise);
        new Git(folder.resolve("served/team")).commit();
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", null)) {
            server.loseConnections(1);
            assertThat(checkOut(server.address("team/.git"), CredentialChain.empty())
                            .root()
                            .resolve("noise.bin"))
                    .hasBinaryContent(noise);

            server.loseConnections(3);
            assertThatThrownBy(() -> checkOut(server.address("team"), CredentialChain.empty()))
                    .hasMessageContaining("lost halfway");
            assertThat(folder.resolve("copy1")).doesNotExist();
        }
    }

    @Test
    void pullRequestsAndAbbreviatedCommitsAreFetchedByName() throws Exception {
        Git team = new Git(folder.resolve("served/team"));
        String request = team.write("train.py", "print(2)\n").commit();
        team.run("update-ref", "refs/pull/7/head", request);
        team.run("reset", "--quiet", "--hard", "HEAD~1");
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", null)) {
            for (Revision revision : List.of(
                    new Revision("", "", "refs/pull/7/head"),
                    new Revision("", "", "pull/7/head"),
                    new Revision(request.substring(0, 9), "", ""),
                    new Revision(request, "", "main"))) {
                assertThat(checkOut(server.address("team/.git"), CredentialChain.empty(), revision)
                                .commit())
                        .isEqualTo(request);
            }
        }
    }

    @Test
    void shallowAndPartialFetchesTakeLessAndNeedNoMirror() throws Exception {
        Git team = new Git(folder.resolve("served/team"));
        team.run("config", "uploadpack.allowFilter", "true");
        String newest = team.write("train.py", "print(2)\n").commit();
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", null)) {
            for (String option : List.of("--depth=1", "--filter=blob:none")) {
                context = context.with(GitContext.settings(folder.resolve("own"))
                        .with(GitSettings.FETCH_ARGUMENTS, List.of("--tags", option)));
                Checkout checkout =
                        checkOut(server.address("team/.git"), CredentialChain.empty(), new Revision(newest, "", ""));

                assertThat(checkout.root().resolve("train.py")).hasContent("print(2)");
                if (option.startsWith("--depth")) {
                    assertThat(new Git(checkout.root())
                                    .run("rev-list", "--count", "HEAD")
                                    .strip())
                            .isEqualTo("1");
                }
            }
            assertThat(folder.resolve("own/vcs-cache")).doesNotExist();
        }
    }

    @Test
    void knownCommitMakesNoRequest() throws Exception {
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", null)) {
            Checkout first = checkOut(server.address("team/.git"), CredentialChain.empty());
            int before = server.requests().size();
            checkOut(server.address("team/.git"), CredentialChain.empty(), new Revision(first.commit(), "", ""));

            assertThat(server.requests()).hasSize(before);
        }
    }

    @Test
    void authorityOfTheNetworkIsTrustedAndAnUnknownOneExplained() throws Exception {
        PrivateAuthority own = PrivateAuthority.in(folder);
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", own.tls())) {
            assertThatThrownBy(() -> checkOut(server.address("team/.git"), CredentialChain.empty()))
                    .hasMessageContaining("no trusted connection to 'localhost'")
                    .hasMessageContaining("SSL_CERT_FILE");
            context = context.with(new DirectNetwork(
                    own.tls(), Map.of("GIT_SSL_CAINFO", own.certificate().toString())));

            assertThat(checkOut(server.address("team/.git"), CredentialChain.empty())
                            .root())
                    .exists();
        }
    }

    @Test
    void unknownHostsAndDeadPortsAreExplained() throws Exception {
        assertThatThrownBy(() -> checkOut("https://no-such-host.invalid/a.git", CredentialChain.empty()))
                .hasMessageContaining("branch 'main' of 'https://no-such-host.invalid/a.git'")
                .hasMessageContaining("host 'no-such-host.invalid' is unknown");
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        assertThatThrownBy(() -> checkOut("http://127.0.0.1:" + dead + "/a.git", CredentialChain.empty()))
                .hasMessageContaining("does not answer");
    }

    @Test
    void systemsSshReachesARealServer() throws Exception {
        Git.require("ssh");
        try (SshServer server = SshServer.start(Files.createDirectories(folder.resolve("keys")))) {
            Path known = server.knownHosts();
            String address = "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + server.port()
                    + folder.resolve("served/team");
            SshKey key = new SshKey(server.userKey());

            assertThatThrownBy(() -> checkOut(address, always(key)))
                    .hasMessageContaining("is not known; add it to ~/.ssh/known_hosts");
            useSsh("ssh -oBatchMode=yes -oUserKnownHostsFile='" + known + "'");
            assertThat(checkOut(address, always(key)).root().resolve("train.py"))
                    .exists();
            useSsh("ssh -oBatchMode=yes -oIdentitiesOnly=yes -i /dev/null -oUserKnownHostsFile='" + known + "'");
            assertThatThrownBy(() -> checkOut(address + "/.git", CredentialChain.empty()))
                    .hasMessageContaining("accepts no key");
        }
    }

    private void useSsh(String command) {
        context = context.with(GitContext.variables(Map.of("GIT_SSH_COMMAND", command)));
    }

    private static CredentialChain pair(String password) {
        return always(new UserPassword("ada", Secret.of(password)));
    }

    private static CredentialChain always(VcsCredential credential) {
        return new CredentialChain(List.of(new CredentialChain.Source("test", _ -> List.of(credential))));
    }

    private Checkout checkOut(String address, CredentialChain provider) throws InterruptedException {
        return checkOut(address, provider, MAIN);
    }

    private Checkout checkOut(String address, CredentialChain provider, Revision revision) throws InterruptedException {
        return new GitVersionControl(context)
                .checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(address),
                        revision,
                        folder.resolve("copy" + copies++),
                        provider,
                        told::add));
    }
}
