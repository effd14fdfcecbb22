// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes over the wire for workers, and for the queues that they serve. */
class WorkerWireTest extends ServerFixture {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.789Z");

    @Test
    void aWorkerComesAndGoesWithItsQueues() {
        server.on("workers.register", answer("{}")).on("workers.unregister", answer("{}"));

        client().workers().register("host:0", List.of("q1", "q2"));
        client().workers().unregister("host:0", List.of());

        assertThat(sent("workers.register")).isEqualTo("{\"worker\":\"host:0\",\"queues\":[\"q1\",\"q2\"]}");
        assertThat(sent("workers.unregister")).isEqualTo("{\"worker\":\"host:0\",\"queues\":[]}");
    }

    @Test
    void anIdleWorkerReportsItsMachineRoundedAndLeavesOutWhatItDoesNotKnow() {
        server.on("workers.status_report", answer("{}"));

        client().workers()
                .report(new StatusReport(
                        "host:0",
                        NOON,
                        List.of("a b"),
                        "",
                        "",
                        List.of("q"),
                        new MachineLoad(12.34567, 100, 200.5, Double.NaN, 0, 0, 0.0004, 1e9)));

        assertThat(sent("workers.status_report"))
                .isEqualTo("{\"worker\":\"host:0\",\"timestamp\":1767355200000,\"is_daemon\":true,\"tags\":[\"a b\"],"
                        + "\"queues\":[\"q\"],\"machine_stats\":{\"cpu_usage\":[12.346],\"memory_used\":100.000,"
                        + "\"memory_free\":200.500,\"disk_read\":0.000,\"disk_write\":0.000,\"network_rx\":0.000,"
                        + "\"network_tx\":1000000000.000}}");
    }

    @Test
    void aBusyWorkerReportsItsTaskAndQueue() {
        server.on("workers.status_report", answer("{}"));

        client().workers().report(new StatusReport("host:0", NOON, List.of(), TASK.value(), "q", List.of("q"), null));

        assertThat(sent("workers.status_report"))
                .isEqualTo("{\"worker\":\"host:0\",\"timestamp\":1767355200000,\"is_daemon\":true,\"task\":\"" + TASK
                        + "\",\"queue\":\"q\",\"queues\":[\"q\"]}");
    }

    @Test
    void whoRunsATaskIsAskedAmongThoseWhoWereHeardLately() {
        server.on("workers.get_all", answer("""
                {"workers": [{"id": "a:0", "task": {"id": "%s"}}, {"id": "b:0", "task": {"id": "other"}}, {"id": "c:0"}]}""".formatted(TASK)));

        assertThat(client().workers().running(TASK, Duration.ofMinutes(2))).containsExactly("a:0");
        assertThat(sent("workers.get_all")).isEqualTo("{\"last_seen\":120}");
    }

    @Test
    void theWorkersThatReportedLatelyAreListedByTheirIds() {
        server.on("workers.get_all", answer("{\"workers\": [{\"id\": \"a:0\"}, {\"id\": \"b:gpu0\"}]}"));

        assertThat(client().workers().seen(Duration.ofSeconds(90))).containsExactly("a:0", "b:gpu0");
        assertThat(sent("workers.get_all")).isEqualTo("{\"last_seen\":90}");
    }

    @Test
    void theListingIsYamlWithSortedKeys() {
        server.on("workers.get_all", answer("""
                {"workers": [{"id": "host:0", "ip": null, "tags": [], "queues": [{"name": "a b", "num_tasks": 0}],
                 "task": {"running_time": 5, "name": "yes"}, "text": "two\\nlines", "since": "2026-01-02T12:00:00"}]}"""));

        assertThat(client().workers().listing()).isEqualTo("""
                workers:
                - id: host:0
                  ip: null
                  queues:
                  - name: 'a b'
                    num_tasks: 0
                  since: '2026-01-02T12:00:00'
                  tags: []
                  task:
                    name: 'yes'
                    running_time: 5
                  text: "two\\nlines"
                """);
        assertThat(sent("workers.get_all")).isEqualTo("{\"last_seen\":0}");
    }

    @Test
    void aTaskGoesBackToTheFrontOrTheBackOfItsQueueWithItsStatusAsItIs() {
        server.on(
                        "queues.add_task",
                        answer("{\"added\":1}"),
                        refuse(400, 706, "already there"),
                        answer("{}"),
                        refuse(400, 701, "no such queue"))
                .on("queues.move_task_to_front", answer("{\"position\":0}"), answer("{\"position\":0}"));
        QueueService queues = client().queues();

        queues.putBack("q", TASK, QueueService.Place.FRONT);
        queues.putBack("q", TASK, QueueService.Place.FRONT);
        queues.putBack("q", TASK, QueueService.Place.BACK);

        assertThat(sent("queues.add_task")).isEqualTo("{\"queue\":\"q\",\"task\":\"" + TASK + "\"}");
        assertThat(server.received("queues.move_task_to_front")).hasSize(2);
        assertThatThrownBy(() -> queues.putBack("gone", TASK, QueueService.Place.BACK))
                .hasMessageContaining("no such queue");
    }

    @Test
    void theDefaultQueueIsTheServersOrTheOneOfThatName() {
        server.on("queues.get_default", answer("{\"id\":\"d1\",\"name\":\"x\"}"), refuse(400, 707, "none"))
                .on("queues.get_all", answer("{\"queues\":[{\"id\":\"d2\",\"name\":\"default\"}]}"));

        assertThat(client().queues().findDefault()).contains("d1");
        assertThat(client().queues().findDefault()).contains("d2");
    }

    @Test
    void namesAreAskedForByIdAndNeverWithoutOne() {
        server.on(
                "queues.get_all",
                answer("{\"queues\":[{\"id\":\"q2\",\"name\":\"two\"},{\"id\":\"q3\",\"name\":\"three\"}]}"));

        assertThat(client().queues().names(List.of())).isEmpty();
        assertThat(client().queues().names(List.of("q1", "q2"))).isEqualTo(Map.of("q2", "two"));
        assertThat(server.received("queues.get_all")).hasSize(1);
    }

    private String sent(String endpoint) {
        return server.received(endpoint).getFirst().text();
    }
}
