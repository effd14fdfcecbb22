// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String scalar(String task, int iteration, double value) {
        return "{'type':'training_stats_scalar','task':'" + task + "','iter':" + iteration
                + ",'metric':'loss','variant':'train','value':" + value + ",'method':'get'}\n";
    }

    @Test
    void addedIsTheNumberOfLines() {
        String task = server.newTask("");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            lines.append("{'type':'log','task':'").append(task).append("','level':'INFO','worker':'w','msg':'line ");
            lines.append(i).append("','timestamp':").append(1000 + i).append("}\n");
        }
        JsonNode answer = server.lines(lines.toString()).path("data");
        assertThat(answer.path("added").asInt()).isEqualTo(25);
        assertThat(answer.path("errors").asInt()).isZero();
        JsonNode log = server.data("events.get_task_log", "{'task':'" + task + "','batch_size':10,'order':'asc'}");
        assertThat(log.path("events")).hasSize(10);
        assertThat(log.path("events").get(0).path("msg").stringValue()).isEqualTo("line 15");
        assertThat(log.path("total").asInt()).isEqualTo(25);
        assertThat(server.codes("events.get_task_log", "{'task':'" + task + "','batch_size':10001}"))
                .isEqualTo("400/12");
        assertThat(server.codes("events.get_task_log", "{'task':'none'}")).isEqualTo("400/101");
    }

    @Test
    void badLinesAreCountedAndGoodOnesStored() {
        String task = server.newTask("");
        JsonNode answer = server.lines(scalar(task, 1, 0.5) + "{'type':'nonsense','task':'" + task + "'}\n"
                        + "{'type':'training_stats_scalar','task':'" + task + "','value':NaN}\n"
                        + "{'type':'training_stats_scalar','task':'" + task + "','value':'text'}\n"
                        + "{'type':'training_stats_scalar','task':'" + task + "','value':1,'iter':'x'}\n"
                        + "{'type':'log','task':'nobody','msg':'x'}\n{'type':'log','msg':'x'}")
                .path("data");
        assertThat(answer.path("added").asInt()).isEqualTo(1);
        assertThat(answer.path("errors").asInt()).isEqualTo(6);
    }

    private String codes(String lines) {
        JsonNode meta = server.lines(lines).path("meta");
        return meta.path("result_code").asInt() + "/"
                + meta.path("result_subcode").asInt();
    }

    @Test
    void brokenBatchesStoreNothing() {
        String task = server.newTask("");
        assertThat(codes(scalar(task, 1, 1) + "{broken")).isEqualTo("400/0");
        assertThat(codes(scalar(task, 1, 1) + "\n" + scalar(task, 2, 1))).isEqualTo("400/0");
        assertThat(codes("5")).isEqualTo("400/0");
        assertThat(codes("")).isEqualTo("400/17");
        assertThat(codes("{'type':'log','task':'nobody','msg':'x'}")).isEqualTo("400/131");
        assertThat(server.data("events.scalar_metrics_iter_histogram", "{'task':'" + task + "'}"))
                .isEmpty();
        assertThat(server.data("events.add_batch", scalar(task, 3, 1).strip())
                        .path("added")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void equalIterationOverwritesAndStatisticsFollow() {
        String task = server.newTask("");
        server.lines(scalar(task, 1, 5) + scalar(task, 2, 3) + scalar(task, 3, 4) + scalar(task, 2, 2));
        JsonNode curve = server.data("events.scalar_metrics_iter_histogram", "{'task':'" + task + "'}")
                .path("loss")
                .path("train");
        assertThat(curve.path("x")).hasToString("[1,2,3]");
        assertThat(curve.path("y")).hasToString("[5.0,2.0,4.0]");
        JsonNode last = server.task(task)
                .path("last_metrics")
                .iterator()
                .next()
                .iterator()
                .next();
        assertThat(last.path("value").asDouble()).isEqualTo(4);
        assertThat(last.path("min_value").asDouble()).isEqualTo(2);
        assertThat(last.path("max_value_iteration").asInt()).isEqualTo(1);
        assertThat(server.task(task).path("last_iteration").asInt()).isEqualTo(3);
        server.lines(scalar(task, 9, 1).replace("'loss'", "':monitor:machine'"));
        assertThat(server.task(task).path("last_iteration").asInt()).isEqualTo(3);
    }

    @Test
    void longCurveIsAveragedDown() {
        String task = server.newTask("");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            lines.append(scalar(task, i, i % 2));
        }
        server.lines(lines.toString());
        JsonNode curve = server.data("events.scalar_metrics_iter_histogram", "{'task':'" + task + "','samples':100}")
                .path("loss")
                .path("train");
        assertThat(curve.path("x").size()).isBetween(50, 100);
        assertThat(curve.path("y").get(0).asDouble()).isEqualTo(0.5);
    }

    @Test
    void singleValueIsNoCurve() {
        String task = server.newTask("");
        server.lines(scalar(task, Integer.MIN_VALUE, 0.75).replace("'loss'", "'Summary'"));
        assertThat(server.data("events.scalar_metrics_iter_histogram", "{'task':'" + task + "'}"))
                .isEmpty();
        JsonNode values = server.data("events.get_task_single_value_metrics", "{'tasks':['" + task + "']}")
                .path("tasks");
        assertThat(values.get(0).path("values").get(0).path("value").asDouble()).isEqualTo(0.75);
        String none = server.newTask("");
        assertThat(server.data("events.get_task_single_value_metrics", "{'tasks':['" + none + "']}")
                        .path("tasks"))
                .isEmpty();
    }

    @Test
    void eventsAreScrolledWithoutLossOrRepetition() {
        String task = server.newTask("");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            lines.append(scalar(task, i / 3, i).replace("'train'", "'v" + i % 3 + "'"));
        }
        server.lines(lines.toString());
        List<String> seen = new ArrayList<>();
        String scroll = "";
        while (true) {
            JsonNode page = server.data(
                    "events.get_task_events",
                    "{'task':'" + task + "','event_type':'training_stats_scalar','batch_size':4"
                            + (scroll.isEmpty() ? "" : ",'scroll_id':'" + scroll + "'") + "}");
            if (page.path("returned").asInt() == 0) {
                break;
            }
            assertThat(page.path("total").asInt()).isEqualTo(30);
            page.path("events").forEach(event -> seen.add(event.path("value").asString()));
            scroll = page.path("scroll_id").stringValue();
        }
        assertThat(seen).hasSize(30).doesNotHaveDuplicates();
        assertThat(server.codes("events.get_task_events", "{'task':'" + task + "','scroll_id':'bogus'}"))
                .isEqualTo("400/1104");
    }

    @Test
    void figuresAndPicturesComeBackByIteration() {
        String task = server.newTask("");
        for (int i = 0; i < 3; i++) {
            server.lines("{'type':'plot','task':'" + task + "','metric':'p','variant':'v','iter':" + i
                    + ",'plot_str':'{}" + i + "'}\n"
                    + "{'type':'training_debug_image','task':'" + task + "','metric':'i','variant':'v','iter':" + i
                    + ",'key':'k" + i
                    + "','url':'http://x/" + i + "'}");
        }
        JsonNode plots = server.data("events.get_task_plots", "{'task':'" + task + "','iters':2}")
                .path("plots");
        assertThat(plots).hasSize(2);
        assertThat(plots.get(0).path("plot_str").stringValue()).isEqualTo("{}2");
        JsonNode images =
                server.data("events.debug_images", "{'metrics':[{'task':'" + task + "','metric':'i'}],'iters':2}");
        assertThat(images.path("metrics").get(0).path("iterations")).hasSize(2);
        JsonNode earlier = server.data(
                "events.debug_images",
                "{'metrics':[{'task':'" + task + "','metric':'i'}],'iters':2,'scroll_id':'"
                        + images.path("scroll_id").stringValue() + "'}");
        assertThat(earlier.path("metrics")
                        .get(0)
                        .path("iterations")
                        .get(0)
                        .path("events")
                        .get(0)
                        .path("url")
                        .stringValue())
                .isEqualTo("http://x/0");
    }

    @Test
    void publishedTaskTakesEventsOnlyWhenAllowed() {
        String task = server.newTask("");
        server.data("tasks.publish", "{'task':'" + task + "','force':true}");
        assertThat(codes(scalar(task, 1, 1))).isEqualTo("400/131");
        assertThat(codes(scalar(task, 1, 1).replace("'iter'", "'allow_locked':true,'iter'")))
                .isEqualTo("200/0");
    }

    @Test
    void modelsHaveEventsOfTheirOwn() {
        String model = server.data("models.create", "{'name':'model','uri':'x'}")
                .path("id")
                .stringValue();
        String line = "{'type':'training_stats_scalar','model_event':true,'model':'" + model
                + "','metric':'m','variant':'v','iter':1,'value':2}";
        assertThat(codes(line)).isEqualTo("200/0");
        assertThat(codes(line.replace("training_stats_scalar", "log"))).isEqualTo("400/131");
        assertThat(server.data(
                                "events.get_task_events",
                                "{'task':'" + model + "','event_type':'training_stats_scalar','model_events':true}")
                        .path("events"))
                .hasSize(1);
    }
}
