// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.api.EmbeddedServer;
import ml.clear.agent.embedded.api.SteadyTime;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.SqliteLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTest {

    private static final ServerSettings.TlsFiles OWN = new ServerSettings.TlsFiles(Optional.empty(), Optional.empty());

    private final Path folder;

    ServerCertificateTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private ServerCertificate certificate(ServerSettings.TlsFiles files, InstantSource clock) throws Exception {
        return ServerCertificate.of(files, folder, ServerCertificate.names("127.0.0.1", List.of()), clock);
    }

    private static SSLContext trusting(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void serverWithItsOwnCertificateIsReachedByThoseWhoTrustIt() throws Exception {
        ServerCertificate own = certificate(OWN, InstantSource.system());
        Path file = own.toTrust().orElseThrow();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("certificate.key"))))
                .isEqualTo("rw-------");
        SqliteLibrary.prepare(Path.of("none"), Path.of("target", "native").toAbsolutePath());
        DataFolder data = DataFolder.open(folder.resolve("data"));
        try (EmbeddedServer server = EmbeddedServer.start(
                data,
                Database.open(data.database()),
                EmbeddedServer.Options.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withTls(own.context()),
                InstantSource.system(),
                SteadyTime.from(InstantSource.system()))) {
            int port = server.address().getPort();
            for (String host : List.of("127.0.0.1", "localhost")) {
                URI ping = URI.create("https://" + host + ":" + port + "/debug.ping");
                assertThat(asked(ping, trusting(file))).contains("ClearML server");
                assertThatThrownBy(() -> asked(ping, SSLContext.getDefault()))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    private static String asked(URI address, SSLContext trust) throws Exception {
        HttpsURLConnection connection = (HttpsURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        connection.setSSLSocketFactory(trust.getSocketFactory());
        connection.setReadTimeout(30_000);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void certificateIsKeptUntilItRunsOut() throws Exception {
        certificate(OWN, InstantSource.system());
        byte[] first = Files.readAllBytes(folder.resolve("certificate.pem"));
        certificate(OWN, InstantSource.system());
        assertThat(Files.readAllBytes(folder.resolve("certificate.pem"))).isEqualTo(first);
        InstantSource later = () -> InstantSource.system().instant().plus(Duration.ofDays(3640));
        certificate(OWN, later);
        assertThat(Files.readAllBytes(folder.resolve("certificate.pem"))).isNotEqualTo(first);
    }

    @Test
    void opensslFindsNothingWrongWithIt() throws Exception {
        Path file = certificate(OWN, InstantSource.system()).toTrust().orElseThrow();
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslserver",
                        "-verify_ip",
                        "127.0.0.1",
                        "-CAfile",
                        file.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).endsWith(": OK\n");
    }

    @Test
    void givenFilesAreServedAndWrongOnesAreNamed() throws Exception {
        certificate(OWN, InstantSource.system());
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("certificate.key");
        assertThat(certificate(
                                new ServerSettings.TlsFiles(Optional.of(certificate), Optional.of(key)),
                                InstantSource.system())
                        .toTrust())
                .isEmpty();
        assertThatThrownBy(() -> certificate(
                        new ServerSettings.TlsFiles(Optional.of(certificate), Optional.of(certificate)),
                        InstantSource.system()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("openssl pkcs8");
        assertThat(ServerCertificate.names("0.0.0.0", List.of("named.example")))
                .containsAll(Set.of("127.0.0.1", "localhost", "named.example"));
    }
}
