// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Assumptions;
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
        context = Surroundings.in(folder.resolve("own"));
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
        SSLContext own = privateAuthority();
        try (GitOverHttp server = new GitOverHttp(folder.resolve("served"), "", own)) {
            assertThatThrownBy(() -> checkOut(server.address("team/.git"), CredentialChain.empty()))
                    .hasMessageContaining("no trusted connection to 'localhost'")
                    .hasMessageContaining("SSL_CERT_FILE");
            context = context.with(new DirectNetwork(
                    own, Map.of("GIT_SSL_CAINFO", folder.resolve("own.pem").toString())));

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
        Path daemon = Path.of("/usr/sbin/sshd");
        if (Boolean.getBoolean("require.real")) {
            assertThat(daemon).exists();
        }
        Assumptions.assumeTrue(Files.exists(daemon), "package openssh-server is missing");
        Path keys = Files.createDirectories(folder.resolve("keys"));
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                keys.resolve("host").toString());
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                keys.resolve("user").toString());
        Files.copy(keys.resolve("user.pub"), keys.resolve("authorized"));
        Files.createDirectories(Path.of("/run/sshd"));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path known = keys.resolve("known");
        Files.writeString(known, "[127.0.0.1]:" + port + " " + Files.readString(keys.resolve("host.pub")));
        Process server = new ProcessBuilder(
                        daemon.toString(),
                        "-D",
                        "-e",
                        "-f",
                        "/dev/null",
                        "-p",
                        String.valueOf(port),
                        "-oListenAddress=127.0.0.1",
                        "-oHostKey=" + keys.resolve("host"),
                        "-oAuthorizedKeysFile=" + keys.resolve("authorized"),
                        "-oStrictModes=no",
                        "-oPidFile=none")
                .redirectErrorStream(true)
                .redirectOutput(keys.resolve("log").toFile())
                .start();
        try {
            awaitLine(keys.resolve("log"), "Server listening");
            String address =
                    "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + folder.resolve("served/team");
            SshKey key = new SshKey(keys.resolve("user"));

            assertThatThrownBy(() -> checkOut(address, always(key)))
                    .hasMessageContaining("is not known; add it to ~/.ssh/known_hosts");
            useSsh("ssh -oBatchMode=yes -oUserKnownHostsFile='" + known + "'");
            assertThat(checkOut(address, always(key)).root().resolve("train.py"))
                    .exists();
            useSsh("ssh -oBatchMode=yes -oIdentitiesOnly=yes -i /dev/null -oUserKnownHostsFile='" + known + "'");
            assertThatThrownBy(() -> checkOut(address + "/.git", CredentialChain.empty()))
                    .hasMessageContaining("accepts no key");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private void useSsh(String command) {
        context = context.with(Surroundings.variables(Map.of("GIT_SSH_COMMAND", command)));
    }

    private static void awaitLine(Path log, String words) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.readString(log).contains(words)) {
            assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private SSLContext privateAuthority() throws Exception {
        Path store = folder.resolve("store.p12");
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, "changeit".toCharArray());
        }
        Files.writeString(
                folder.resolve("own.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getCertificate("own").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("own", keys.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
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
