// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.drop;
import static ml.clear.agent.runtime.server.FakeClearmlServer.later;
import static ml.clear.agent.runtime.server.FakeClearmlServer.raw;
import static ml.clear.agent.runtime.server.FakeClearmlServer.redirect;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static ml.clear.agent.runtime.server.FakeClearmlServer.tear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent again after a fault, and what never is. */
class RepetitionTest extends ServerFixture {

    private static final NewTask NEW_TASK = new NewTask(
            "new one",
            "",
            new Script("", "", "", "", "", "", "train.py", "print()", Requirements.NONE),
            Container.NONE,
            Map.of());

    static Stream<Arguments> repeatable() {
        return Stream.of(
                call(
                        "tasks.get_by_id",
                        "{\"task\":{}}",
                        client -> client.tasks().get(TASK)),
                call("tasks.get_all", "{\"tasks\":[]}", client -> client.tasks().findByName("x")),
                call("tasks.started", "{}", client -> client.tasks().started(TASK, "r", "m")),
                call("tasks.stop", "{}", client -> client.tasks().requestStop(TASK)),
                call(
                        "tasks.dequeue",
                        "{\"updated\":1}",
                        client -> client.tasks().dequeue(TASK)),
                call("tasks.enqueue", "{}", client -> client.tasks().enqueue(TASK, "q")),
                call("tasks.edit", "{}", client -> client.tasks().recordCommit(TASK, "abc")),
                call(
                        "queues.get_all",
                        "{\"queues\":[]}",
                        client -> client.queues().find("x")),
                call(
                        "queues.create",
                        "{\"id\":\"q\"}",
                        client -> client.queues().create("new")),
                call(
                        "events.get_task_log",
                        "{\"events\":[]}",
                        client -> client.events().hasLog(TASK, 5)));
    }

    static Stream<Arguments> notRepeatable() {
        return Stream.of(
                call("tasks.create", "{}", client -> client.tasks().create(NEW_TASK)),
                call("tasks.clone", "{}", client -> client.tasks().copy(TASK, "copy")),
                call("tasks.completed", "{}", client -> client.tasks().completed(TASK, "r", "m")),
                call("tasks.failed", "{}", client -> client.tasks().failed(TASK, "r", "m")),
                call("tasks.stopped", "{}", client -> client.tasks().stopped(TASK, "r", "m")),
                call("queues.get_next_task", "{}", client -> client.queues().take("q", TASK)),
                call("events.add_batch", "{}", client -> client.events().addLog(List.of(line("a\n")))));
    }

    private static Arguments call(String endpoint, String data, Consumer<ClearmlServer> call) {
        return Arguments.of(endpoint, data, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("repeatable")
    void callsThatMayBeRepeatedAreWhenTheAnswerIsLost(String endpoint, String data, Consumer<ClearmlServer> call) {
        server.on(endpoint, drop(), tear(), raw(502, "text/html", "<html>bad gateway</html>"), answer(data));

        call.accept(client());

        assertThat(server.received(endpoint)).hasSize(4);
        assertThat(time.pauses).hasSize(3);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notRepeatable")
    void callsThatMustNotBeRepeatedAreNotWhenTheAnswerIsLost(
            String endpoint, String data, Consumer<ClearmlServer> call) {
        server.on(endpoint, drop(), tear(), raw(502, "text/html", "bad gateway"), raw(504, "text/html", "time-out"));
        ClearmlServer client = client();

        for (int fault = 0; fault < 4; fault++) {
            assertCode(() -> call.accept(client), ErrorCode.SERVER_PROTOCOL);
        }

        assertThat(server.received(endpoint)).hasSize(4);
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsALostOne() {
        server.on("queues.get_next_task", server.hang());

        assertCode(() -> client().queues().take("q", TASK), ErrorCode.SERVER_PROTOCOL);

        assertThat(server.received("queues.get_next_task")).hasSize(1);
    }

    @Test
    void whatTheServerDidNotTakeIsRepeatedEvenIfItCountsOnlyOnce() {
        server.on("tasks.create", later(429, "7"), later(503, "1"), answer("{\"id\":\"" + TASK + "\"}"));

        assertThat(client().tasks().create(NEW_TASK)).isEqualTo(TASK);

        assertThat(time.pauses.get(0)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        assertThat(time.pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void pollsOfAQueueAreNotRepeatedSoThatADaemonCanStopAtAnyTime() {
        server.on("queues.get_next_task", later(503, "1"), answer("{}"));
        ClearmlServer client = client();

        assertCode(() -> client.queues().take("q", TASK), ErrorCode.SERVER_UNAVAILABLE);

        assertThat(client.queues().take("q", TASK)).isFalse();
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void consoleLinesAreSentOnceAndTheErrorTellsWhetherTheyMayBeStored() {
        server.on("events.add_batch", later(503, "1"), later(429, "1"), drop(), answer("{\"added\":1,\"errors\":0}"));
        EventService events = client().events();

        assertCode(() -> events.addLog(List.of(line("a\n"))), ErrorCode.SERVER_UNAVAILABLE);
        assertCode(() -> events.addLog(List.of(line("a\n"))), ErrorCode.SERVER_UNAVAILABLE);
        assertCode(() -> events.addLog(List.of(line("a\n"))), ErrorCode.SERVER_PROTOCOL);
        events.addLog(List.of(line("a\n")));

        assertThat(server.received("events.add_batch")).hasSize(4);
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsTriedAsOftenAsTheSettingsSay() {
        URI nobody = server.address();
        server.close();

        assertThatThrownBy(() -> client(settings(nobody, keyPair())).tasks().create(NEW_TASK))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE))
                .hasMessageContaining(nobody.toString())
                .hasMessageContaining("tasks.create")
                .hasMessageContaining("Connection refused")
                .hasMessageContaining("tried 4 times")
                .hasMessageContaining("api.api_server");
        assertThat(time.pauses).hasSize(3).allSatisfy(pause -> assertThat(pause).isLessThan(Duration.ofSeconds(5)));
    }

    @Test
    void aServerUnderMaintenanceIsWaitedForWithoutLimitIfSoConfigured() {
        FakeClearmlServer.Reaction[] night = Stream.concat(
                        Stream.generate(() -> later(503, "1")).limit(50), Stream.of(answer("{}")))
                .toArray(FakeClearmlServer.Reaction[]::new);
        server.on("tasks.ping", night);
        ServerConnectionSettings patient = settings(server.address(), keyPair())
                .withPatience(
                        new RetrySettings(3, Duration.ofSeconds(1), Duration.ofSeconds(120), true),
                        ServerTimeouts.DEFAULT);

        client(patient).tasks().ping(TASK);

        assertThat(server.received("tasks.ping")).hasSize(51);
    }

    @Test
    void aHugeRetryAfterIsCapped() {
        server.on("tasks.ping", later(429, "999999999"), answer("{}"));

        client().tasks().ping(TASK);

        assertThat(time.pauses.getFirst()).isLessThan(Duration.ofMinutes(16));
    }

    @Test
    void anErrorOfTheServerItselfIsReportedAtOnce() {
        server.on("tasks.ping", refuse(500, 0, "General error"));

        assertThatThrownBy(() -> client().tasks().ping(TASK))
                .hasMessageContaining("500/0: General error")
                .hasMessageContaining("log of the server");
        assertThat(server.received("tasks.ping")).hasSize(1);
    }

    @Test
    void whatIsNoClearmlAnswerIsShownAndNotRepeated() {
        String page = "<html><head><style>b{}</style></head><body><b>Sign in</b> to the   hotel</body></html>";
        server.on(
                "tasks.ping",
                raw(200, "text/html", page),
                raw(200, "application/json", "{\"meta\":{\"result_code\":20"),
                raw(200, "application/json", "{\"data\":{}}"),
                raw(413, "text/plain", "too large"),
                redirect("https://elsewhere.example.com/tasks.ping?secret=1"));
        TaskService tasks = client().tasks();

        assertThatThrownBy(() -> tasks.ping(TASK)).hasMessageContaining("'Sign in to the hotel'");
        assertThatThrownBy(() -> tasks.ping(TASK)).hasMessageContaining("not the ClearML API");
        assertThatThrownBy(() -> tasks.ping(TASK)).hasMessageContaining("check that api.api_server is the API server");
        assertThatThrownBy(() -> tasks.ping(TASK)).hasMessageContaining("413");
        assertThatThrownBy(() -> tasks.ping(TASK))
                .hasMessageContaining("redirects to 'https://elsewhere.example.com/tasks.ping'")
                .hasMessageNotContaining("secret=1");
        assertThat(time.pauses).isEmpty();
    }

    @Test
    void anAnswerLargerThanAnyOfThisProtocolIsGivenUp() {
        server.on("tasks.ping", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 20];
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i < 80; i++) {
                    body.write(block);
                }
            }
        });

        assertThatThrownBy(() -> client().tasks().ping(TASK)).hasMessageContaining("more than 67108864 bytes");
    }

    @Test
    void theRepetitionOfAnEnqueueThatHadWorkedIsNoError() {
        server.on("tasks.enqueue", drop(), refuse(400, 706, "Task already queued"));

        client().tasks().enqueue(TASK, "q");

        assertThat(server.received("tasks.enqueue")).hasSize(2);
        assertCode(() -> client().tasks().enqueue(TASK, "q"), ErrorCode.CONFLICT);
    }

    @Test
    void aPollIsNeverRepeated() {
        server.on("tasks.get_all", drop(), answer(TASK_LIST));
        TaskService tasks = client().tasks();

        assertCode(() -> tasks.state(TASK), ErrorCode.SERVER_PROTOCOL);
        assertThat(tasks.state(TASK)).isPresent();
        assertThat(time.pauses).isEmpty();
    }

    private static void assertCode(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }
}
