// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes over the wire for queues, projects and console lines. */
class QueueProjectEventWireTest extends ServerFixture {

    @Test
    void aQueueIsFoundByItsExactNameFirstAndThenByItsId() {
        String id = "abcdefabcdefabcdefabcdefabcdefab";
        server.on(
                "queues.get_all",
                answer("{\"queues\":[{\"id\":\"q0\",\"name\":\"gpu-2\"},{\"id\":\"q1\",\"name\":\"gpu\"}]}"),
                answer("{\"queues\":[]}"),
                answer("{\"queues\":[]}"),
                answer("{\"queues\":[{\"id\":\"" + id + "\",\"name\":\"other\"}]}"));
        QueueService queues = client().queues();

        assertThat(queues.find("gpu")).contains("q1");
        assertThat(queues.find("cpu queue")).isEmpty();
        assertThat(queues.find(id)).contains(id);

        assertThat(server.received("queues.get_all"))
                .extracting(FakeClearmlServer.Received::text)
                .containsExactly(
                        "{\"name\":\"^gpu$\",\"only_fields\":[\"id\",\"name\"]}",
                        "{\"name\":\"^cpu\\\\ queue$\",\"only_fields\":[\"id\",\"name\"]}",
                        "{\"name\":\"^" + id + "$\",\"only_fields\":[\"id\",\"name\"]}",
                        "{\"id\":[\"" + id + "\"],\"only_fields\":[\"id\",\"name\"]}");
    }

    @Test
    void aQueueOrProjectThatAnotherClientHasJustCreatedIsUsed() {
        server.on("queues.create", refuse(400, 801, "Value combination already exists"))
                .on("queues.get_all", answer("{\"queues\":[{\"id\":\"q1\",\"name\":\"gpu\"}]}"))
                .on("projects.create", refuse(400, 801, "Value combination already exists"))
                .on(
                        "projects.get_all",
                        answer("{\"projects\":[]}"),
                        answer("{\"projects\":[{\"id\":\"p1\",\"name\":\"a/b\"}]}"));

        assertThat(client().queues().create("gpu")).isEqualTo("q1");
        assertThat(client().projects().findOrCreate(" a // b ")).isEqualTo("p1");
    }

    @Test
    void anEmptyQueueGivesNothing() {
        server.on(
                "queues.peek_task",
                answer("{\"task\":null}"),
                answer("{}"),
                answer("{\"task\":\"" + TASK + "\"}"),
                answer("{\"task\":\"\"}"));
        QueueService queues = client().queues();

        assertThat(queues.first("q")).isEmpty();
        assertThat(queues.first("q")).isEmpty();
        assertThat(queues.first("q")).contains(TASK);
        assertThatThrownBy(() -> queues.first("q")).hasMessageContaining("where the id of a task should be");
    }

    @Test
    void aTaskIsTakenUnlessAnotherWorkerWasFaster() {
        server.on(
                "queues.get_next_task",
                answer("{}"),
                answer("{\"entry\":null}"),
                answer("{\"entry\":{\"task\":\"" + TASK + "\"}}"));
        QueueService queues = client().queues();

        assertThat(queues.take("q", TASK)).isFalse();
        assertThat(queues.take("q", TASK)).isFalse();
        assertThat(queues.take("q", TASK)).isTrue();
        assertThat(server.received("queues.get_next_task").getFirst().text())
                .isEqualTo("{\"queue\":\"q\",\"task\":\"" + TASK + "\"}");
    }

    @Test
    void tagsOfQueuesAreAskedForTogether() {
        server.on(
                "queues.get_all",
                answer("{\"queues\":[{\"id\":\"a\",\"tags\":[\"x\",\"force_workers:off\"]},{\"id\":\"b\"}]}"));

        assertThat(client().queues().tags(List.of("a", "b")))
                .isEqualTo(Map.of("a", List.of("x", "force_workers:off"), "b", List.of()));
        assertThat(client().queues().tags(List.of())).isEmpty();
    }

    @Test
    void consoleLinesGoAsJsonLinesWithTheExactContentType() {
        server.on("events.add_batch", answer("{\"added\":2,\"errors\":0}"));

        client().events().addLog(List.of(line("a\"\\\u0001\r\n"), line("ü € 😀 \uD800\n")));

        FakeClearmlServer.Received sent = server.received("events.add_batch").getFirst();
        assertThat(sent.header("Content-type")).isEqualTo("application/json-lines");
        assertThat(sent.header("Transfer-encoding")).isEmpty();
        String prefix =
                "{\"type\":\"log\",\"task\":\"" + TASK + "\",\"level\":\"DEBUG\",\"worker\":\"host:0\",\"msg\":";
        assertThat(sent.text())
                .isEqualTo(prefix + "\"a\\\"\\\\\\u0001\\r\\n\",\"timestamp\":1700000000000}\n" + prefix
                        + "\"ü € 😀 \uFFFD\\n\",\"timestamp\":1700000000000}");
    }

    @Test
    void scalarsGoAsJsonLinesWithTheirNumbersInFull() {
        server.on("events.add_batch", answer("{\"added\": 2, \"errors\": 0}"));

        client().events()
                .addScalars(List.of(
                        new ScalarEvent(TASK, "w", ":monitor:machine", "cpu_usage", 30, 1e-9, 5),
                        new ScalarEvent(TASK, "w", ":monitor:machine", "memory_free_gb", 30, 12.5, 5)));
        client().events().addScalars(List.of());

        String prefix = "{\"type\":\"training_stats_scalar\",\"task\":\"" + TASK
                + "\",\"worker\":\"w\",\"metric\":\":monitor:machine\",\"variant\":";
        assertThat(server.received("events.add_batch")).hasSize(1);
        assertThat(server.received("events.add_batch").getFirst().text())
                .isEqualTo(prefix + "\"cpu_usage\",\"iter\":30,\"value\":0.0000000010,\"timestamp\":5}\n" + prefix
                        + "\"memory_free_gb\",\"iter\":30,\"value\":12.5,\"timestamp\":5}");
    }

    @Test
    void noLinesAreNoRequest() {
        client().events().addLog(List.of());

        assertThat(server.received("auth.login")).isEmpty();
    }

    @Test
    void aTaskThatTakesNoLinesIsNotFound() {
        server.on("events.add_batch", refuse(400, 131, "Events not added"));

        assertThatThrownBy(() -> client().events().addLog(List.of(line("a\n"))))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void aBatchLargerThanTheLimitIsNotSent() {
        ServerConnectionSettings usual = settings(server.address(), keyPair());
        ServerConnectionSettings small = new ServerConnectionSettings(
                usual.apiServer(),
                "",
                usual.credentials(),
                "host",
                "0.1.0",
                usual.renewBefore(),
                Duration.ZERO,
                1000,
                usual.retries(),
                usual.timeouts());

        assertThatThrownBy(() -> client(small).events().addLog(List.of(line("x".repeat(1000)))))
                .hasMessageContaining("api.http.max_req_size");
        assertThat(server.received("auth.login")).isEmpty();
    }

    @Test
    void aLineIsLookedForByItsExactTime() {
        server.on(
                "events.get_task_log",
                answer("{\"events\":[{\"timestamp\":41,\"msg\":\"x\"}]}"),
                answer("{\"events\":[{\"timestamp\":42,\"msg\":\"x\"}]}"),
                answer("{\"events\":[]}"));
        EventService events = client().events();

        assertThat(events.hasLog(TASK, 42)).isFalse();
        assertThat(events.hasLog(TASK, 42)).isTrue();
        assertThat(events.hasLog(TASK, 42)).isFalse();
        assertThat(server.received("events.get_task_log")
                        .getFirst()
                        .json()
                        .at("from_timestamp")
                        .text())
                .isEqualTo("43");
    }

    @Test
    @Timeout(20)
    void anUploadThatHangsDoesNotHoldUpAPoll() throws Exception {
        server.on("events.add_batch", server.hang())
                .on("tasks.ping", answer("{}"))
                .on("tasks.get_all", answer(TASK_LIST));
        HttpClearmlServer client = client(ServerConnectionSettings.of(server.address(), keyPair(), "host", "0.1.0"));
        client.tasks().ping(TASK);
        List<LogEvent> large = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            large.add(line("x".repeat(50_000)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                uploads.add(threads.submit(() -> client.events().addLog(large)));
            }
            while (server.received("events.add_batch").size() < 8) {
                Thread.onSpinWait();
            }

            long before = System.nanoTime();
            assertThat(client.tasks().state(TASK)).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));

            client.close();
            for (Future<?> upload : uploads) {
                assertThatThrownBy(upload::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_PROTOCOL));
            }
        }
    }

    @Test
    @Timeout(20)
    void aPollOfAServerThatHangsEndsInTime() {
        server.on("tasks.get_all", server.hang());

        long before = System.nanoTime();
        assertThatThrownBy(() -> client().tasks().state(TASK)).isInstanceOf(AgentException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }
}
