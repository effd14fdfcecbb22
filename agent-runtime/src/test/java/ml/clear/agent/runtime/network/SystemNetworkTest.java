// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies, and the variables that others get. */
class SystemNetworkTest {

    private final Path folder;

    SystemNetworkTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_PROXY, http://proxy:3128, http://a.example.com, HTTP @ proxy:3128",
        "http_proxy, proxy:3128, http://a.example.com, HTTP @ proxy:3128",
        "http_proxy, http://proxy, http://a.example.com, HTTP @ proxy:80",
        "http_proxy, http://proxy:3128, https://a.example.com, DIRECT",
        "HTTPS_PROXY, http://proxy:3128, https://a.example.com, HTTP @ proxy:3128",
        "https_proxy, http://proxy:3128, http://a.example.com, DIRECT",
        "ALL_PROXY, socks5://proxy, http://a.example.com, SOCKS @ proxy:1080",
        "all_proxy, socks5h://proxy:9, https://a.example.com, SOCKS @ proxy:9",
        "https_proxy, http://proxy:3128, https://localhost:8008, DIRECT",
        "ALL_PROXY, http://proxy:3128, ssh://git.example.com, HTTP @ proxy:3128"
    })
    void proxiesAreChosenByScheme(String variable, String value, String address, String expected) {
        assertThat(choose(Map.of(variable, value), address)).isEqualTo(expected);
    }

    @Test
    void theSchemesOwnProxyWinsOverTheOneForAllAndLowerCaseOverUpperCase() {
        Map<String, String> environment =
                Map.of("all_proxy", "http://all:1", "http_proxy", "http://lower:2", "HTTP_PROXY", "http://upper:3");

        assertThat(choose(environment, "http://example.com")).isEqualTo("HTTP @ lower:2");
        assertThat(choose(environment, "https://example.com")).isEqualTo("HTTP @ all:1");
    }

    @Test
    void anEmptyLowerCaseVariableTakesTheProxyAway() {
        assertThat(choose(Map.of("http_proxy", "", "HTTP_PROXY", "http://proxy:1"), "http://example.com"))
                .isEqualTo("DIRECT");
    }

    @Test
    void noProxyIsHonouredWithThePortOfTheScheme() {
        Map<String, String> environment = Map.of("ALL_PROXY", "http://proxy:1", "NO_PROXY", "example.com:443");

        assertThat(choose(environment, "https://example.com")).isEqualTo("DIRECT");
        assertThat(choose(environment, "http://example.com")).isEqualTo("HTTP @ proxy:1");
    }

    @Test
    void userAndPasswordAreDecodedAndBelongToTheirProxyAlone() {
        SystemNetwork network = network(Map.of("HTTPS_PROXY", "http://me%40work:p%3Ass+w%2Fd@proxy:3128"));

        assertThat(network.proxyCredentials(InetSocketAddress.createUnresolved("PROXY", 3128)))
                .get()
                .satisfies(found -> {
                    assertThat(found.getUserName()).isEqualTo("me@work");
                    assertThat(new String(found.getPassword())).isEqualTo("p:ss+w/d");
                });
        assertThat(network.proxyCredentials(InetSocketAddress.createUnresolved("other", 3128)))
                .isEmpty();
        assertThat(network.proxyCredentials(InetSocketAddress.createUnresolved("proxy", 80)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:hidden@proxy:443", "ftp://me:hidden@proxy", "http://me:hidden@pro xy", "://"})
    void aVariableThatCannotBeUsedIsNamedWithoutItsPassword(String value) {
        SystemNetwork network = network(Map.of("HTTP_PROXY", value));

        assertThatThrownBy(() -> network.proxySelector().select(URI.create("http://example.com")))
                .isInstanceOfSatisfying(AgentException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
                    assertThat(e).hasNoCause();
                })
                .hasMessageContaining("http_proxy")
                .hasMessageNotContaining("hidden");
        assertThat(network.proxyCredentials(InetSocketAddress.createUnresolved("proxy", 443)))
                .isEmpty();
    }

    @Test
    void othersGetTheProxiesInBothCasesAndMayReachThisMachine() {
        SystemNetwork network = network(
                Map.of("HTTPS_PROXY", "http://me:hidden@proxy:1", "no_proxy", "example.com", "HOME", "/home/me"));

        assertThat(network.variables())
                .containsOnly(
                        Map.entry("https_proxy", "http://me:hidden@proxy:1"),
                        Map.entry("HTTPS_PROXY", "http://me:hidden@proxy:1"),
                        Map.entry("no_proxy", "example.com,localhost,127.0.0.1,::1"),
                        Map.entry("NO_PROXY", "example.com,localhost,127.0.0.1,::1"));
        assertThat(network.shownVariables())
                .containsEntry("https_proxy", "http://****@proxy:1")
                .containsEntry("no_proxy", "example.com,localhost,127.0.0.1,::1");
    }

    @Test
    void whatOneVariableNamesOthersTrustTooWhicheverVariableTheyRead() {
        Map<String, String> variables = new SystemNetwork(
                        new CertificateCheck.Usual(), Map.of("SSL_CERT_FILE", "/missing.pem"), folder)
                .variables();

        String together = folder.resolve("trusted-authorities.pem").toString();
        assertThat(variables)
                .containsOnly(
                        Map.entry("SSL_CERT_FILE", together),
                        Map.entry("REQUESTS_CA_BUNDLE", together),
                        Map.entry("CURL_CA_BUNDLE", together),
                        Map.entry("GIT_SSL_CAINFO", together));
        assertThat(network(Map.of()).variables()).isEmpty();
    }

    @Test
    void othersGetTheBundlesThatTheEnvironmentNamesAndNoMore() {
        assertThat(network(Map.of("GIT_SSL_CAINFO", "/system.pem")).variables())
                .containsOnly(Map.entry("GIT_SSL_CAINFO", "/system.pem"));
    }

    @Test
    void withoutChecksNoBundleStandsAboveTheSwitchOfTheSdkAndPipKeepsItsOwn() {
        SystemNetwork network =
                new SystemNetwork(new CertificateCheck.None(), Map.of("REQUESTS_CA_BUNDLE", "/site.pem"), folder);

        assertThat(network.variables())
                .containsOnly(Map.entry("CLEARML_API_HOST_VERIFY_CERT", "false"), Map.entry("PIP_CERT", "/site.pem"));
        assertThat(network.removedVariables()).containsExactlyInAnyOrder("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");
    }

    @ParameterizedTest
    @CsvSource({"'', Usual", "True, Usual", "false, None", "No, None", "/etc/site.pem, Bundle", "site.pem, Bundle"})
    void theKeyIsATruthValueOrAPath(String value, String kind) {
        assertThat(CertificateCheck.parse(value).getClass().getSimpleName()).isEqualTo(kind);
    }

    @Test
    void aBundleThatCannotBeUsedIsNamedWithTheKey() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "no certificate in here");

        for (Path bundle : new Path[] {empty, folder.resolve("missing.pem")}) {
            SystemNetwork network = new SystemNetwork(new CertificateCheck.Bundle(bundle), Map.of(), folder);
            assertThatThrownBy(network::sslContext)
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
                    .hasMessageContaining("api.verify_certificate")
                    .hasMessageContaining(bundle.toString());
        }
    }

    @Test
    void aVariableThatNamesNoReadableBundleDoesNotTakeTheOtherAuthoritiesAway() {
        SystemNetwork network =
                network(Map.of("SSL_CERT_FILE", folder.resolve("missing.pem").toString()));

        assertThat(network.trustManager().getAcceptedIssuers()).isNotEmpty();
    }

    private static SystemNetwork network(Map<String, String> environment) {
        return new SystemNetwork(new CertificateCheck.Usual(), environment, Path.of("never-written"));
    }

    private static String choose(Map<String, String> environment, String address) {
        Proxy proxy =
                network(environment).proxySelector().select(URI.create(address)).getFirst();
        return proxy.address() instanceof InetSocketAddress place
                ? proxy.type() + " @ " + place.getHostString() + ":" + place.getPort()
                : proxy.type().toString();
    }
}
