// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.raw;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.network.CertificateCheck;
import ml.clear.agent.runtime.network.SystemNetwork;
import org.junit.jupiter.api.Test;

/** No secret in any text, even when the other side repeats it. */
class SecrecyTest extends ServerFixture {

    private static final String PAIR = FakeClearmlServer.ACCESS_KEY + ":" + FakeClearmlServer.SECRET_KEY;
    private static final String BASIC = Base64.getEncoder().encodeToString(PAIR.getBytes(StandardCharsets.UTF_8));

    @Test
    void aServerThatRepeatsTheCredentialsGetsThemMasked() {
        String indiscreet = "no such secret " + FakeClearmlServer.SECRET_KEY + " in Basic " + BASIC;
        List<FakeClearmlServer.Reaction> refusals = List.of(
                refuse(401, 22, indiscreet),
                refuse(500, 0, indiscreet),
                refuse(400, 12, indiscreet),
                raw(500, "text/html", indiscreet),
                raw(200, "text/plain", indiscreet));
        for (FakeClearmlServer.Reaction refusal : refusals) {
            server.on("auth.login", refusal);
        }

        for (int i = 0; i < refusals.size(); i++) {
            assertNoSecret(catchThrowable(() -> client().tasks().ping(TASK)));
        }
    }

    @Test
    void aServerThatRepeatsTheTokenGetsItMasked() {
        server.on("tasks.ping", exchange -> {
            String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            refuse(400, 12, "bad header " + sent).to(exchange);
        });

        Throwable failure = catchThrowable(() -> client().tasks().ping(TASK));

        assertThat(failure).hasMessageContaining("bad header Bearer " + Secret.MASK);
        assertNoSecret(failure);
    }

    @Test
    void eachTokenIsRegisteredAsASecretBeforeItIsUsed() {
        server.on("tasks.ping", answer("{}"));
        List<String> registered = new ArrayList<>();
        try (HttpClearmlServer client = HttpClearmlServer.of(
                settings(server.address(), keyPair()),
                new SystemNetwork(new CertificateCheck.Usual(), Map.of(), Path.of("never-written")),
                secret -> registered.add(secret.reveal()))) {
            client.tasks().ping(TASK);
        }

        assertThat(registered).singleElement().asString().endsWith(".login1");
    }

    @Test
    void settingsShowNoSecret() {
        assertThat(settings(server.address(), keyPair()).toString()).doesNotContain(FakeClearmlServer.SECRET_KEY);
        assertThat(new Credentials.ReadyToken(Secret.of("token-text")).toString())
                .doesNotContain("token-text");
    }

    @Test
    void anAddressWithAPasswordIsRefusedWithoutShowingIt() {
        Throwable failure = catchThrowable(() -> settings(URI.create("https://me:hidden@api.example.com"), keyPair()));

        assertThat(failure)
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("api.credentials")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void aTokenThatNoHeaderCanCarryIsRefusedWithoutShowingIt() {
        Throwable failure = catchThrowable(
                () -> client(settings(server.address(), new Credentials.ReadyToken(Secret.of("line one\nline two"))))
                        .tasks()
                        .ping(TASK));

        assertThat(failure).isInstanceOf(AgentException.class).hasMessageContaining("CLEARML_AUTH_TOKEN");
        assertThat(all(failure)).doesNotContain("line one");
    }

    private static void assertNoSecret(Throwable failure) {
        assertThat(failure).isInstanceOf(AgentException.class);
        assertThat(all(failure))
                .doesNotContain(FakeClearmlServer.SECRET_KEY)
                .doesNotContain(BASIC)
                .doesNotContain(".login1");
    }

    /** Message, causes and stack: everything that could reach a log. */
    private static String all(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
