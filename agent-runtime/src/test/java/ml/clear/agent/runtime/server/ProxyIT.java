// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way through a real proxy, tinyproxy. The server is reached by an address of this machine that is not loopback, since
 * that is never sent to a proxy.
 */
class ProxyIT {

    private static final String CORRECT = "agent:pa%355";

    private final Path folder;
    private final String host;
    private final int proxyPort;
    private final Process proxy;

    ProxyIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.host = outerAddress();
        this.proxyPort = freePort();
        this.proxy = startProxy();
    }

    @BeforeEach
    void waitForProxy() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), proxyPort)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !proxy.isAlive()) {
                    throw new IllegalStateException("tinyproxy does not listen: " + log(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    @AfterEach
    void stopProxy() throws Exception {
        proxy.destroy();
        if (!proxy.waitFor(10, TimeUnit.SECONDS)) {
            proxy.destroyForcibly().waitFor();
        }
    }

    @Test
    void plainHttpGoesThroughTheProxyWithItsPassword() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(InetAddress.getByName(host))) {
            server.on("tasks.ping", answer("{}"));

            ping(server.address(), new CertificateCheck.Usual(), Map.of("HTTP_PROXY", proxyAddress(CORRECT)));

            assertThat(server.received("tasks.ping").getFirst().header("Via")).contains("tinyproxy");
            assertThat(server.received("tasks.ping").getFirst().header("Proxy-authorization"))
                    .isEmpty();
            assertThat(log()).contains("POST http://" + host);
        }
    }

    @Test
    void tlsGoesThroughATunnelWithItsPassword() throws Exception {
        PrivateAuthority authority = PrivateAuthority.create(folder);
        try (FakeClearmlServer server =
                FakeClearmlServer.start(InetAddress.getByName(host), authority.identity("ip:" + host))) {
            server.on("tasks.ping", answer("{}"));

            ping(
                    server.address(),
                    new CertificateCheck.Bundle(authority.bundle()),
                    Map.of("https_proxy", proxyAddress(CORRECT)));

            assertThat(server.received("tasks.ping").getFirst().header("Proxy-authorization"))
                    .isEmpty();
            assertThat(log()).contains("CONNECT " + host);
        }
    }

    @Test
    void aWrongOrMissingPasswordForATunnelIsTold() throws Exception {
        PrivateAuthority authority = PrivateAuthority.create(folder);
        try (FakeClearmlServer server =
                FakeClearmlServer.start(InetAddress.getByName(host), authority.identity("ip:" + host))) {
            CertificateCheck check = new CertificateCheck.Bundle(authority.bundle());

            assertThatThrownBy(() -> ping(server.address(), check, Map.of("ALL_PROXY", proxyAddress("agent:hidden"))))
                    .hasMessageContaining("refuses")
                    .hasMessageContaining("the user and password")
                    .hasMessageContaining("127.0.0.1:" + proxyPort)
                    .hasMessageNotContaining("hidden")
                    .hasMessageNotContaining("tried");
            assertThatThrownBy(() -> ping(server.address(), check, Map.of("ALL_PROXY", proxyAddress(""))))
                    .hasMessageContaining("the proxy '127.0.0.1:" + proxyPort + "' wants a user and password")
                    .hasMessageNotContaining("tried");
            assertThat(server.received("auth.login")).isEmpty();
        }
    }

    /** This proxy refuses without reading the request, so that its word may be lost with the connection. */
    @Test
    void aWrongPasswordForPlainHttpNamesTheProxy() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(InetAddress.getByName(host))) {
            assertThatThrownBy(() -> ping(
                            server.address(),
                            new CertificateCheck.Usual(),
                            Map.of("HTTP_PROXY", proxyAddress("agent:hidden"))))
                    .hasMessageContaining("proxy")
                    .hasMessageNotContaining("hidden");
            assertThat(server.received("auth.login")).isEmpty();
        }
    }

    @Test
    void whatNoProxyCoversGoesDirectly() throws Exception {
        try (FakeClearmlServer server = FakeClearmlServer.start(InetAddress.getByName(host))) {
            server.on("tasks.ping", answer("{}"));

            ping(
                    server.address(),
                    new CertificateCheck.Usual(),
                    Map.of("HTTP_PROXY", proxyAddress(CORRECT), "NO_PROXY", "example.com," + host + "/32"));

            assertThat(server.received("tasks.ping").getFirst().header("Via")).isEmpty();
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        int nobody = freePort();
        try (FakeClearmlServer server = FakeClearmlServer.start(InetAddress.getByName(host))) {
            assertThatThrownBy(() -> ping(
                            server.address(),
                            new CertificateCheck.Usual(),
                            Map.of("HTTP_PROXY", "http://me:hidden@127.0.0.1:" + nobody)))
                    .hasMessageContaining("Connection refused")
                    .hasMessageContaining("proxy '127.0.0.1:" + nobody + "'")
                    .hasMessageNotContaining("hidden");
        }
    }

    private String proxyAddress(String login) {
        return "http://" + (login.isEmpty() ? "" : login + "@") + "127.0.0.1:" + proxyPort;
    }

    private static void ping(URI address, CertificateCheck check, Map<String, String> environment) {
        try (HttpClearmlServer client = HttpClearmlServer.of(
                ServerFixture.settings(address, ServerFixture.keyPair()),
                new SystemNetwork(check, environment, Path.of("never-written")),
                new FakeTiming().timing())) {
            client.tasks().ping(ServerFixture.TASK);
        }
    }

    private Process startProxy() throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("tinyproxy.conf"), """
                Port %d
                Listen 127.0.0.1
                Timeout 60
                MaxClients 20
                LogLevel Connect
                LogFile "%s"
                BasicAuth agent pa55
                """.formatted(proxyPort, folder.resolve("proxy.log")));
        Path program = Stream.of("/usr/bin/tinyproxy", "/usr/sbin/tinyproxy", "/usr/local/bin/tinyproxy")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing("tinyproxy is not installed (Debian package tinyproxy)"));
        return new ProcessBuilder(program.toString(), "-d", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("proxy.out").toFile())
                .start();
    }

    private String log() throws IOException {
        Path log = folder.resolve("proxy.log");
        return (Files.exists(log) ? Files.readString(log) : "") + Files.readString(folder.resolve("proxy.out"));
    }

    private static String outerAddress() throws IOException {
        Optional<String> address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof java.net.Inet4Address && !candidate.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
        return address.orElseThrow(() -> missing("this machine has no address but loopback"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static RuntimeException missing(String reason) {
        assumeTrue(Boolean.getBoolean("require.real"), reason);
        return new IllegalStateException(reason);
    }
}
