// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskStatusTest {

    private static final Map<String, String> CALLS = Map.of(
            "in_progress", "tasks.started",
            "stopped", "tasks.stopped",
            "failed", "tasks.failed",
            "completed", "tasks.completed",
            "closed", "tasks.close",
            "queued", "tasks.enqueue");

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** The table of the notes, row by row: the states that may follow, by the calls that lead there. */
    @ParameterizedTest
    @CsvSource({
        "created, queued in_progress",
        "queued, in_progress stopped",
        "in_progress, in_progress stopped failed completed",
        "stopped, queued in_progress stopped failed completed closed",
        "failed, queued stopped failed",
        "completed, in_progress completed",
        "closed, stopped failed closed",
        "publishing, ''",
        "published, ''"
    })
    void transitionsFollowTheTable(String from, String allowed) {
        CALLS.forEach((to, call) -> {
            String id = server.newTask("");
            server.data("tasks.edit", "{'task':'" + id + "','force':true,'status':'" + from + "'}");
            boolean expected = List.of(allowed.split(" ")).contains(to);
            if (from.equals("queued") && to.equals("queued")) {
                return; // queued by edit, in no queue: a matter of the queue's test
            }
            assertThat(server.codes(call, "{'task':'" + id + "'}"))
                    .as(from + " to " + to)
                    .isEqualTo(expected ? "200/0" : "400/110");
            assertThat(server.codes(call, "{'task':'" + id + "','force':true}"))
                    .as(from + " to " + to + " by force")
                    .isIn("200/0", "400/706");
        });
    }

    @Test
    void everyChangeClearsTheTextsItDoesNotSend() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "','status_reason':'why','status_message':'how'}");
        assertThat(server.task(id).path("status_reason").stringValue()).isEqualTo("why");
        JsonNode answer = server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(answer.path("updated").asInt()).isEqualTo(1);
        assertThat(answer.path("started").asInt()).isEqualTo(1);
        assertThat(server.task(id).path("status_reason").stringValue()).isEmpty();
    }

    @Test
    void startTimeStaysWhileInProgressAndIsNewAfterwards() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "'}");
        String first = server.task(id).path("started").stringValue();
        server.clock.advance(Duration.ofSeconds(5));
        server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(server.task(id).path("started").stringValue()).isEqualTo(first);
        server.data("tasks.completed", "{'task':'" + id + "'}");
        assertThat(server.task(id).path("completed").isString()).isTrue();
        server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(server.task(id).path("started").stringValue()).isNotEqualTo(first);
        assertThat(server.task(id).has("completed")).isFalse();
    }

    @Test
    void unknownTaskIsToldByTheRightCode() {
        assertThat(server.codes("tasks.started", "{'task':'nobody'}")).isEqualTo("400/10");
        assertThat(server.codes("tasks.completed", "{'task':'nobody'}")).isEqualTo("400/101");
        assertThat(server.codes("tasks.completed", "{}")).isEqualTo("400/12");
        assertThat(server.codes("tasks.ping", "{'task':'nobody'}")).isEqualTo("200/0");
    }

    @Test
    void publishedTaskIsNotPublishedAgain() {
        String id = server.newTask("");
        assertThat(server.codes("tasks.publish", "{'task':'" + id + "'}")).isEqualTo("400/110");
        server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(server.data("tasks.completed", "{'task':'" + id + "','publish':true}")
                        .path("published")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("published");
        assertThat(server.codes("tasks.publish", "{'task':'" + id + "'}")).isEqualTo("400/110");
        assertThat(server.codes("tasks.publish", "{'task':'" + id + "','force':true}"))
                .isEqualTo("200/0");
    }

    @Test
    void stopIsARequestWhileARunnerReports() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "'}");
        server.data("workers.status_report", "{'worker':'host:0','timestamp':1,'task':'" + id + "'}");
        server.data("tasks.stop", "{'task':'" + id + "'}");
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("in_progress");
        assertThat(server.task(id).path("status_message").stringValue()).isEqualTo("stopping");
    }

    @Test
    void stopIsImmediateWhereNobodyRuns() {
        String id = server.newTask("");
        server.data("tasks.enqueue", "{'task':'" + id + "'}");
        server.data("tasks.stop", "{'task':'" + id + "'}");
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("stopped");
        assertThat(server.task(id).path("status_message").stringValue()).isEqualTo("Stopped by local");
        assertThat(server.data("queues.get_all", "{}").toString()).doesNotContain(id);
        String created = server.newTask("");
        assertThat(server.codes("tasks.stop", "{'task':'" + created + "'}")).isEqualTo("400/110");
    }

    @Test
    void silentTaskIsStoppedByTheWatchdog() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "'}");
        server.watchdog.look();
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("in_progress");
        server.clock.advance(Duration.ofHours(3));
        assertThat(server.watchdog.look()).isPositive();
        assertThat(server.task(id).path("status_reason").stringValue()).isEqualTo("Forced stop (non-responsive)");
    }
}
