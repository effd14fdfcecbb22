// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.drop;
import static ml.clear.agent.runtime.server.FakeClearmlServer.raw;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;

/** Logging in, renewing, and what happens when the server changes its mind. */
class SessionTest extends ServerFixture {

    @Test
    void theFirstCallLogsInAndTheOthersUseTheToken() {
        server.on("tasks.ping", answer("{}"));
        TaskService tasks = client().tasks();

        tasks.ping(TASK);
        tasks.ping(TASK);

        String pair = FakeClearmlServer.ACCESS_KEY + ":" + FakeClearmlServer.SECRET_KEY;
        assertThat(server.received("auth.login")).singleElement().satisfies(login -> {
            assertThat(login.path()).isEqualTo("/auth.login");
            assertThat(login.authorization())
                    .isEqualTo("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        });
        assertThat(server.received("tasks.ping"))
                .extracting(FakeClearmlServer.Received::authorization)
                .allSatisfy(sent -> assertThat(sent).startsWith("Bearer ").endsWith(".login1"));
    }

    @Test
    void afterA401TheCallIsRepeatedOnceWithTheNewToken() {
        server.on("tasks.ping", refuse(401, 30, "Unauthorized (invalid token)"), answer("{}"));

        client().tasks().ping(TASK);

        assertThat(server.received("tasks.ping"))
                .extracting(FakeClearmlServer.Received::authorization)
                .extracting(SessionTest::login)
                .containsExactly("login1", "login2");
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void evenCallsThatCountOnlyOnceAreRepeatedAfterA401() {
        server.on("events.add_batch", refuse(401, 30, "expired"), answer("{\"added\":1}"));

        client().events().addLog(List.of(line("a\n")));

        assertThat(server.received("events.add_batch")).hasSize(2);
    }

    @Test
    void aServerThatRefusesEveryTokenIsNotAskedForEver() {
        server.on("tasks.ping", refuse(401, 30, "Unauthorized"));

        assertThatThrownBy(() -> client().tasks().ping(TASK))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIALS_REFUSED));
        assertThat(server.received("tasks.ping")).hasSize(2);
        assertThat(server.received("auth.login")).hasSize(2);
    }

    @Test
    void refusedCredentialsAreReportedAtOnceWithWhatToCheck() {
        server.on("auth.login", refuse(401, 22, "Unauthorized (invalid credentials)"));

        assertThatThrownBy(() -> client().tasks().ping(TASK))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIALS_REFUSED))
                .hasMessageContaining("401/22: Unauthorized (invalid credentials)")
                .hasMessageContaining("api.credentials.access_key");
        assertThat(server.received("auth.login")).hasSize(1);
    }

    @Test
    void aLoginWhoseAnswerIsLostIsRepeatedForAnyCallButAPollOrABatch() {
        server.on("queues.get_all", answer("{\"queues\":[]}")).on("auth.login", drop(), drop(), drop(), server::login);
        HttpClearmlServer client = client();

        assertThatThrownBy(() -> client.tasks().state(TASK)).hasMessageContaining("login");
        assertThatThrownBy(() -> client.events().addLog(List.of(line("a\n"))))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE));
        assertThat(client.queues().find("q")).isEmpty();

        assertThat(server.received("auth.login")).hasSize(4);
    }

    @Test
    void aLoginWithoutATokenIsNoProtocolOfOurs() {
        server.on("auth.login", answer("{}"));

        assertThatThrownBy(() -> client().tasks().ping(TASK)).hasMessageContaining("login answers without a token");
    }

    @Test
    void aLongTokenIsRenewedTwelveHoursBeforeItsEnd() {
        server.tokensLive(Duration.ofDays(30)).on("tasks.ping", answer("{}"));
        TaskService tasks = client().tasks();

        tasks.ping(TASK);
        time.pass(Duration.ofDays(30).minusHours(13));
        tasks.ping(TASK);
        assertThat(server.received("auth.login")).hasSize(1);

        time.pass(Duration.ofHours(2));
        tasks.ping(TASK);
        tasks.ping(TASK);
        assertThat(server.received("auth.login")).hasSize(2);
    }

    @Test
    void aShortTokenIsRenewedAtHalfItsLifeAndNotWithEveryCall() {
        server.tokensLive(Duration.ofMinutes(10)).on("tasks.ping", answer("{}"));
        TaskService tasks = client().tasks();

        for (int minute = 0; minute < 30; minute++) {
            tasks.ping(TASK);
            time.pass(Duration.ofMinutes(1));
        }

        assertThat(server.received("auth.login")).hasSizeBetween(5, 7);
    }

    @Test
    void aClockThatIsSetCostsOneLoginAtMost() {
        server.on("tasks.ping", answer("{}"));
        TaskService tasks = client().tasks();
        tasks.ping(TASK);

        time.setClock(Duration.ofDays(400));
        tasks.ping(TASK);
        tasks.ping(TASK);
        tasks.ping(TASK);
        assertThat(server.received("auth.login")).hasSize(2);

        time.setClock(Duration.ofDays(-400));
        tasks.ping(TASK);
        tasks.ping(TASK);
        assertThat(server.received("auth.login")).hasSize(2);

        time.pass(Duration.ofDays(30));
        tasks.ping(TASK);
        assertThat(server.received("auth.login"))
                .as("the other clock still counts")
                .hasSize(3);
    }

    @Test
    void aRenewalThatFailsLeavesTheTokenThatIsStillGood() {
        server.on("tasks.ping", answer("{}"))
                .on(
                        "auth.login",
                        server::login,
                        raw(502, "text/html", "bad gateway"),
                        refuse(401, 22, "revoked"),
                        server::login);
        TaskService tasks = client().tasks();
        tasks.ping(TASK);
        time.pass(Duration.ofDays(30).minusHours(11));

        tasks.ping(TASK);
        tasks.ping(TASK);
        assertThat(server.received("auth.login")).hasSize(2);
        time.pass(Duration.ofMinutes(2));
        tasks.ping(TASK);
        time.pass(Duration.ofMinutes(2));
        tasks.ping(TASK);

        assertThat(server.received("auth.login")).hasSize(4);
        assertThat(login(server.received("tasks.ping").getLast().authorization()))
                .isEqualTo("login2");
    }

    @Test
    void aReadyTokenNeedsNoLoginAndIsRenewedWithItself() {
        server.on("tasks.ping", answer("{}"), refuse(401, 30, "expired"), answer("{}"));
        String ready = "ready.made.token";
        TaskService tasks = client(settings(server.address(), new Credentials.ReadyToken(Secret.of(ready))))
                .tasks();

        tasks.ping(TASK);
        assertThat(server.received("auth.login")).isEmpty();
        tasks.ping(TASK);

        assertThat(server.received("auth.login"))
                .singleElement()
                .extracting(FakeClearmlServer.Received::authorization)
                .isEqualTo("Bearer " + ready);
        List<String> sent = server.received("tasks.ping").stream()
                .map(FakeClearmlServer.Received::authorization)
                .toList();
        assertThat(sent.subList(0, 2)).containsOnly("Bearer " + ready);
        assertThat(sent.subList(2, sent.size())).extracting(SessionTest::login).containsExactly("login1");
    }

    @Test
    void aReadyTokenThatHasRunOutIsNamed() {
        server.on("tasks.ping", refuse(401, 30, "expired")).on("auth.login", refuse(401, 30, "expired"));
        TaskService tasks = client(settings(server.address(), new Credentials.ReadyToken(Secret.of("a.b.c"))))
                .tasks();

        assertThatThrownBy(() -> tasks.ping(TASK)).hasMessageContaining("CLEARML_AUTH_TOKEN");
    }

    @Test
    void theLifetimeThatIsAskedForIsSent() {
        server.on("tasks.ping", answer("{}"));
        ServerConnectionSettings usual = settings(server.address(), keyPair());
        ServerConnectionSettings asking = new ServerConnectionSettings(
                usual.apiServer(),
                "",
                usual.credentials(),
                "host",
                "0.1.0",
                usual.renewBefore(),
                Duration.ofHours(2),
                usual.largestRequest(),
                usual.retries(),
                usual.timeouts());

        client(asking).tasks().ping(TASK);

        assertThat(server.received("auth.login").getFirst().text()).isEqualTo("{\"expiration_sec\":7200}");
    }

    @Test
    void manyThreadsLogInOnce() throws Exception {
        server.on("tasks.ping", answer("{}"));
        TaskService tasks = client().tasks();
        List<Callable<Void>> pings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pings.add(() -> {
                tasks.ping(TASK);
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> ping : threads.invokeAll(pings)) {
                ping.get();
            }
        }

        assertThat(server.received("auth.login")).hasSize(1);
        assertThat(server.received("tasks.ping")).hasSize(20);
    }

    private static String login(String authorization) {
        return authorization.substring(authorization.lastIndexOf('.') + 1);
    }
}
