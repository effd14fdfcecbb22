// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Charts of workers and queues. */
class HistoryTest {

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private long now() {
        return server.clock.instant().getEpochSecond();
    }

    private void report(String worker, String task, String stats) {
        server.data(
                "workers.status_report",
                "{'worker':'" + worker + "','timestamp':" + now() * 1000
                        + (task.isEmpty() ? "" : ",'task':'" + task + "'") + ",'machine_stats':" + stats + "}");
    }

    /** The clock at the begin of a minute, so that reports of a few seconds belong to one point. */
    private void startMinute() {
        server.clock.advance(Duration.ofSeconds(60 - now() % 60));
    }

    private JsonNode statistics(String more) {
        return server.data(
                        "/v2.34/workers.get_stats",
                        "{'from_date':" + (now() - 600) + ",'to_date':" + (now() + 120) + ",'interval':60" + more + "}")
                .path("workers");
    }

    private static double sum(JsonNode values) {
        return values.valueStream().mapToDouble(JsonNode::asDouble).sum();
    }

    @Test
    void statisticsAreAggregatedByWorkerAndInterval() {
        startMinute();
        report("w1", "", "{'cpu_usage':[10,30],'gpu_usage':[50,70],'memory_used':100}");
        report("w1", "", "{'cpu_usage':[20,40],'gpu_usage':[60,80],'memory_used':300}");
        report("w2", "", "{'cpu_usage':[99]}");
        JsonNode workers = statistics(
                ",'items':[{'key':'cpu_usage','category':'avg'},{'key':'cpu_usage','category':'max'},{'key':'memory_used','category':'min'}]");
        assertThat(workers).hasSize(2);
        JsonNode cpu = workers.path(0).path("metrics").path(0);
        assertThat(cpu.path("metric").stringValue()).isEqualTo("cpu_usage");
        JsonNode mean = cpu.path("stats").path(0);
        assertThat(mean.path("dates").size()).isEqualTo(mean.path("values").size());
        assertThat(mean.path("dates").path(0).asLong() % 60_000).isZero();
        assertThat(sum(mean.path("values"))).isEqualTo(25);
        assertThat(sum(cpu.path("stats").path(1).path("values"))).isEqualTo(40);
        assertThat(sum(workers.path(0)
                        .path("metrics")
                        .path(1)
                        .path("stats")
                        .path(0)
                        .path("values")))
                .isEqualTo(100);
        JsonNode gpu = statistics(
                ",'worker_ids':['w1'],'split_by_resource':true,'items':[{'key':'gpu_usage','category':'avg'}]");
        JsonNode resources =
                gpu.path(0).path("metrics").path(0).path("stats").path(0).path("resource_series");
        assertThat(resources).hasSize(2);
        assertThat(sum(resources.path(1).path("values"))).isEqualTo(75);
    }

    @Test
    void historyOutlivesTheWorkerAndItsFineNumbers() {
        startMinute();
        report("w1", "", "{'cpu_usage':[10]}");
        server.data("workers.unregister", "{'worker':'w1'}");
        server.clock.advance(Duration.ofDays(5));
        String weeks = "{'from_date':" + (now() - 864_000) + ",'to_date':" + now()
                + ",'interval':60,'items':[{'key':'cpu_usage','category':'avg'}]}";
        JsonNode curve = server.data("workers.get_stats", weeks)
                .path("workers")
                .path(0)
                .path("metrics")
                .path(0)
                .path("stats")
                .path(0);
        assertThat(sum(curve.path("values"))).isEqualTo(10);
        assertThat(server.data("workers.get_metric_keys", "{}").path("categories"))
                .hasToString("[{\"name\":\"cpu\",\"metric_keys\":[\"cpu_usage\"]}]");
    }

    @Test
    void activityCountsWorkersAndThoseWithATask() {
        startMinute();
        String task = server.newTask("");
        report("w1", task, "{'cpu_usage':[10]}");
        report("w2", "", "{'cpu_usage':[10]}");
        JsonNode report = server.data(
                "workers.get_activity_report",
                "{'from_date':" + (now() - 600) + ",'to_date':" + (now() + 120) + ",'interval':60}");
        assertThat(sum(report.path("total").path("counts"))).isEqualTo(2);
        assertThat(sum(report.path("active").path("counts"))).isEqualTo(1);
        assertThat(report.path("active").path("dates").size())
                .isEqualTo(report.path("total").path("counts").size());
    }

    @Test
    void tooFineIntervalsAreWidenedInsteadOfMakingEndlessAnswers() {
        JsonNode report =
                server.data("workers.get_activity_report", "{'from_date':0,'to_date':" + now() + ",'interval':1}");
        assertThat(report.path("total").path("dates")).hasSizeBetween(1, 5001);
        assertThat(server.codes("workers.get_activity_report", "{'from_date':2,'to_date':1,'interval':1}"))
                .isEqualTo("400/16");
    }

    private String queue(String name) {
        return server.data("queues.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
    }

    private JsonNode queueMetrics(String more) {
        return server.data(
                        "queues.get_queue_metrics",
                        "{'from_date':" + (now() - 600) + ",'to_date':" + (now() + 60) + ",'interval':600" + more + "}")
                .path("queues");
    }

    @Test
    void queueMetricsShowLengthAndWaitingTime() {
        String first = queue("first");
        String second = queue("second");
        for (String queue : new String[] {first, first, second}) {
            server.data("tasks.enqueue", "{'task':'" + server.newTask("") + "','queue':'" + queue + "'}");
        }
        server.clock.advance(Duration.ofSeconds(30));
        JsonNode sampled =
                queueMetrics(",'refresh':true,'queue_ids':['" + first + "']").path(0);
        assertThat(sampled.path("queue").stringValue()).isEqualTo(first);
        assertThat(sampled.path("queue_lengths").path(0).asLong()).isEqualTo(2);
        assertThat(sampled.path("avg_waiting_times").path(0).asDouble()).isBetween(29.0, 90.0);
        JsonNode total = queueMetrics("").path(0);
        assertThat(total.path("queue").stringValue()).isEqualTo("total");
        assertThat(total.path("queue_lengths").path(0).asLong()).isEqualTo(3);
        server.data("queues.delete", "{'queue':'" + first + "','force':true}");
        assertThat(queueMetrics(",'queue_ids':['" + first + "']")).isEmpty();
    }

    @Test
    void queuesAreSampledWhileTheyHoldTasksAndOnceAfterwards() {
        String queue = queue("sampled");
        HistoryHousekeeping housekeeping = new HistoryHousekeeping(server.stores());
        housekeeping.look();
        assertThat(queueMetrics(",'queue_ids':['" + queue + "']").path(0).path("dates"))
                .isEmpty();
        server.data("tasks.enqueue", "{'task':'" + server.newTask("") + "','queue':'" + queue + "'}");
        for (int i = 0; i < 3; i++) {
            housekeeping.look();
            server.data("queues.clear_queue", "{'queue':'" + queue + "'}");
            server.clock.advance(Duration.ofMinutes(1));
        }
        long samples = server.stores()
                .database()
                .read(session -> session.number("SELECT count(*) FROM queue_history WHERE queue = ?", queue));
        assertThat(samples).isEqualTo(2);
    }
}
