// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/examples/github-app, compiled as it is, with a stand-in for GitHub. */
class GitHubAppExampleTest extends VcsCredentialProviderContract {

    private static final Path SOURCES = Path.of("../../docs/examples/github-app/src/example");

    /** What stands before the key itself in PKCS #8. */
    private static final int PKCS8_START = 26;

    @TempDir
    private static Path compiled;

    private static URLClassLoader loader;

    @TempDir
    private Path folder;

    private final KeyPair keys = newKeys();
    private HttpServer github;
    private int status = 201;
    private int tokens;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(SOURCES)) {
            boolean done = compiler.getTask(
                            problems,
                            files,
                            null,
                            List.of("-d", compiled.toString(), "-classpath", placeOf(AgentPlugin.class)),
                            null,
                            files.getJavaFileObjectsFromPaths(
                                    sources.filter(Files::isRegularFile).toList()))
                    .call();
            assertThat(done).as(problems.toString()).isTrue();
        }
        loader = new URLClassLoader(new URL[] {compiled.toUri().toURL()}, GitHubAppExampleTest.class.getClassLoader());
    }

    private static String placeOf(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    @AfterAll
    static void unload() throws IOException {
        loader.close();
    }

    @BeforeEach
    void startGitHub() throws IOException {
        github = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        github.createContext("/app/installations/78/access_tokens", this::giveToken);
        github.start();
    }

    @AfterEach
    void stopGitHub() {
        github.stop(0);
    }

    @Override
    protected VcsCredentialProvider provider() throws Exception {
        return provider("github.com");
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://github.com/team/model.git");
    }

    @Override
    protected String secret() {
        return "ghs_secret";
    }

    @Test
    void theTokenIsOfTheInstallationAndIsKept() throws Exception {
        VcsCredentialProvider provider = provider();

        for (int i = 0; i < 2; i++) {
            assertThat(provider.lookUp(known())).singleElement().isInstanceOfSatisfying(UserPassword.class, pair -> {
                assertThat(pair.user()).isEqualTo("x-access-token");
                assertThat(pair.password().reveal()).isEqualTo("ghs_secret1");
            });
        }
    }

    @Test
    void afterARefusalThereIsAnotherToken() throws Exception {
        VcsCredentialProvider provider = provider();
        VcsCredential first = provider.lookUp(known()).getFirst();

        provider.refused(known(), first);

        assertThat(((UserPassword) provider.lookUp(known()).getFirst())
                        .password()
                        .reveal())
                .isEqualTo("ghs_secret2");
    }

    @Test
    void aRequestThatGitHubDeniesIsExplained() throws Exception {
        status = 403;
        VcsCredentialProvider provider = provider();

        assertThatThrownBy(() -> provider.lookUp(known()))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("GitHub answered 403")
                .hasMessageContaining("check github_app");
    }

    @Test
    void withoutSettingsNothingIsKnown() throws Exception {
        VcsCredentialProvider silent = plugin().credentialProviders().getFirst().create(TestContext.in(folder));

        assertThat(silent.lookUp(known())).isEmpty();
    }

    private VcsCredentialProvider provider(String host) throws Exception {
        AgentPlugin plugin = plugin();
        byte[] pkcs8 = keys.getPrivate().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_START, pkcs8.length);
        Path key = Files.writeString(
                folder.resolve("key.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(pkcs1)
                        + "\n-----END RSA PRIVATE KEY-----\n");
        TestSettings settings = TestSettings.defaults()
                .with(setting(plugin, "app_id"), "12")
                .with(setting(plugin, "installation_id"), "78")
                .with(setting(plugin, "private_key"), key.toString())
                .with(setting(plugin, "host"), host)
                .with(
                        setting(plugin, "api"),
                        "http://127.0.0.1:" + github.getAddress().getPort());
        return plugin.credentialProviders()
                .getFirst()
                .create(TestContext.in(folder).with(settings));
    }

    private static AgentPlugin plugin() throws ReflectiveOperationException {
        return (AgentPlugin) loader.loadClass("example.githubapp.GitHubAppPlugin")
                .getConstructor()
                .newInstance();
    }

    private static Setting<?> setting(AgentPlugin plugin, String name) {
        return plugin.settings().stream()
                .filter(setting -> setting.key().endsWith("." + name))
                .findFirst()
                .orElseThrow();
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = isSigned(exchange.getRequestHeaders().getFirst("Authorization"));
            tokens++;
            byte[] answer = ("{\"token\": \"ghs_secret" + tokens + "\", \"expires_at\": \"2100-01-01T00:00:00Z\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? status : 401, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private boolean isSigned(String authorization) {
        try {
            String[] parts = authorization.substring("Bearer ".length()).split("\\.");
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(keys.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return claims.contains("\"iss\":\"12\"")
                    && signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (java.security.GeneralSecurityException e) {
            return false;
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
