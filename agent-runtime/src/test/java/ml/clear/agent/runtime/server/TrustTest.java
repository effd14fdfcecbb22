// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server behind a private authority, which is made once: the JDK's tool takes its time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustTest {

    private final Path folder;
    private final PrivateAuthority authority;

    TrustTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.authority = PrivateAuthority.create(folder);
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefusedAndTheKeyThatHelpsIsNamed() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(authority.identity("dns:localhost"))) {
            server.on("tasks.ping", answer("{}"));

            assertThatThrownBy(() -> ping(server.address(), new CertificateCheck.Usual(), Map.of()))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                    .hasMessageContaining("api.verify_certificate")
                    .hasMessageNotContaining("tried");
            assertThat(server.received("auth.login")).isEmpty();
        }
    }

    @Test
    void theBundleOfTheConfigurationIsTrustedAmongOtherText() throws Exception {
        Path bundle = Files.writeString(
                folder.resolve("bundle.pem"),
                "# ours\n-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\nSubject: x\n"
                        + Files.readString(authority.bundle()).replace("\n", "\r\n"));
        try (FakeClearmlServer server = FakeClearmlServer.start(authority.identity("dns:localhost"))) {
            server.on("tasks.ping", answer("{}"));

            ping(server.address(), new CertificateCheck.Bundle(bundle), Map.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR"})
    void theBundleOfAVariableIsTrusted(String variable) throws Exception {
        Path value = variable.endsWith("DIR") ? folder : authority.bundle();
        try (FakeClearmlServer server = FakeClearmlServer.start(authority.identity("dns:localhost"))) {
            server.on("tasks.ping", answer("{}"));

            ping(server.address(), new CertificateCheck.Usual(), Map.of(variable, value.toString()));
        }
    }

    @Test
    void theNameInTheCertificateIsChecked() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(authority.identity("dns:other.example.com"))) {
            server.on("tasks.ping", answer("{}"));

            assertThatThrownBy(() -> ping(server.address(), new CertificateCheck.Bundle(authority.bundle()), Map.of()))
                    .hasMessageContaining("issued for another name");
        }
    }

    @Test
    void nothingIsCheckedWhenTheConfigurationSaysSo() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(authority.identity("dns:other.example.com"))) {
            server.on("tasks.ping", answer("{}"));

            ping(server.address(), new CertificateCheck.None(), Map.of());
        }
    }

    @Test
    void aServerWithoutTlsIsRecognised() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> plain = thread.submit(() -> {
                try (Socket connection = socket.accept()) {
                    connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                    connection.shutdownOutput();
                    return connection.getInputStream().readAllBytes();
                }
            });

            URI address = URI.create("https://localhost:" + socket.getLocalPort());
            assertThatThrownBy(() -> ping(address, new CertificateCheck.Usual(), Map.of()))
                    .hasMessageContaining("does not speak TLS");
            plain.get();
        }
    }

    @Test
    void otherProgramsTrustTheSystemAndTheSiteUnlessTheyHaveABundleOfTheirOwn() throws Exception {
        Map<String, String> variables = new SystemNetwork(
                        new CertificateCheck.Bundle(authority.bundle()),
                        Map.of("PIP_CERT", "/pip.pem", "REQUESTS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt"),
                        folder)
                .variables();

        Path together = Path.of(variables.get("REQUESTS_CA_BUNDLE"));
        assertThat(variables)
                .containsEntry("SSL_CERT_FILE", together.toString())
                .containsEntry("PIP_CERT", "/pip.pem");
        assertThat(Files.readString(together))
                .contains(Files.readString(authority.bundle()).lines().toList().get(1))
                .satisfies(text -> assertThat(text.lines().filter(line -> line.startsWith("-----BEGIN")))
                        .hasSizeGreaterThan(1));
    }

    private static void ping(URI address, CertificateCheck check, Map<String, String> environment) {
        try (HttpClearmlServer client = HttpClearmlServer.of(
                ServerFixture.settings(address, ServerFixture.keyPair()),
                new SystemNetwork(check, environment, Path.of("never-written")),
                _ -> {})) {
            client.tasks().ping(ServerFixture.TASK);
        }
    }
}
