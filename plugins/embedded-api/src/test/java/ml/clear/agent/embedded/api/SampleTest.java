// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pictures and figures one by one, reports' data, and the deletion of events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampleTest {

    private TestServer server;
    private String task;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
        task = server.newTask("");
        StringBuilder lines = new StringBuilder();
        for (int iteration = 0; iteration < 3; iteration++) {
            for (String variant : new String[] {"a", "b"}) {
                lines.append(event(
                        "training_debug_image",
                        "faces",
                        variant,
                        iteration,
                        "'url':'http://h/" + iteration + variant + ".png'"));
                lines.append(event("plot", "figure", variant, iteration, "'plot_str':'{}'"));
            }
        }
        lines.append(event("training_debug_image", "other", "z", 1, "'url':'http://h/z.png'"));
        lines.append(event("training_stats_scalar", "loss", "train", 1, "'value':0.5"));
        lines.append(event("training_stats_scalar", "Summary", "f1", Integer.MIN_VALUE, "'value':0.9"));
        server.lines(lines.toString());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String event(String type, String metric, String variant, int iteration, String more) {
        return "{'type':'" + type + "','task':'" + task + "','metric':'" + metric + "','variant':'" + variant
                + "','iter':" + iteration + "," + more + "}\n";
    }

    private ObjectNode image(String more) {
        return server.data(
                "events.get_debug_image_sample", "{'task':'" + task + "','metric':'faces','variant':'b'" + more + "}");
    }

    private ObjectNode next(String call, JsonNode from, String more) {
        return server.data(
                call,
                "{'task':'" + task + "','scroll_id':'" + from.path("scroll_id").stringValue() + "'" + more + "}");
    }

    private ObjectNode nextImage(JsonNode from, String more) {
        return next("events.next_debug_image_sample", from, more);
    }

    private static String url(JsonNode answer) {
        return answer.path("event").path("url").asString("").replace("http://h/", "");
    }

    @Test
    void picturesAreFoundByIteration() {
        assertThat(url(image(""))).isEqualTo("2b.png");
        assertThat(url(image(",'iteration':1"))).isEqualTo("1b.png");
        assertThat(url(image(",'iteration':7"))).isEqualTo("2b.png");
        assertThat(image("").path("min_iteration").asLong()).isZero();
        assertThat(image("").path("max_iteration").asLong()).isEqualTo(2);
        assertThat(image(",'iteration':-1").has("event")).isFalse();
    }

    @Test
    void picturesAreWalkedByVariantThenByIteration() {
        ObjectNode at = image(",'iteration':1");
        at = nextImage(at, ",'navigate_earlier':true");
        assertThat(url(at)).isEqualTo("1a.png");
        at = nextImage(at, ",'navigate_earlier':true");
        assertThat(url(at)).isEqualTo("0b.png");
        at = nextImage(at, ",'next_iteration':true");
        assertThat(url(at)).isEqualTo("1a.png");
        at = nextImage(nextImage(nextImage(at, ""), ""), "");
        assertThat(url(at)).isEqualTo("2b.png");
        assertThat(nextImage(at, "").has("event")).isFalse();
        ObjectNode any = image(",'iteration':1,'navigate_current_metric':false");
        assertThat(url(nextImage(any, ""))).isEqualTo("z.png");
        assertThat(server.codes("events.next_debug_image_sample", "{'task':'" + task + "','scroll_id':'abc'}"))
                .isEqualTo("400/1104");
    }

    @Test
    void figuresOfAMetricAreShownTogether() {
        ObjectNode last = server.data("events.get_plot_sample", "{'task':'" + task + "','metric':'figure'}");
        assertThat(last.path("events")).hasSize(2);
        ObjectNode before = next("events.next_plot_sample", last, ",'navigate_earlier':true");
        assertThat(before.path("events").path(0).path("iter").asLong()).isEqualTo(1);
        assertThat(next("events.next_plot_sample", last, "").path("events")).isEmpty();
    }

    @Test
    void reportsGetTasksWithTheirEventsInOneCall() {
        ObjectNode data = server.data(
                "/v2.34/reports.get_task_data",
                "{'id':['" + task + "'],'only_fields':['id','name'],'plots':{'iters':1},'debug_images':{'iters':2,"
                        + "'metrics':[{'metric':'faces'}]},'scalar_metrics_iter_histogram':{},'single_value_metrics':{}}");
        assertThat(data.path("tasks").path(0).path("name").stringValue()).isEqualTo("task");
        assertThat(data.path("plots")
                        .path("figure")
                        .path("a")
                        .path(task)
                        .path("2")
                        .path("plots"))
                .hasSize(1);
        assertThat(data.path("debug_images").path(0).path("iterations")).hasSize(2);
        assertThat(data.path("scalar_metrics_iter_histogram")
                        .path("loss")
                        .path("train")
                        .path(task)
                        .path("y")
                        .path(0)
                        .asDouble())
                .isEqualTo(0.5);
        assertThat(data.path("single_value_metrics").path(0).path("values")).hasSize(1);
    }

    @Test
    void numbersOfOneMetricAreReadAsEvents() {
        ObjectNode data = server.data("events.get_scalar_metric_data", "{'task':'" + task + "','metric':'loss'}");
        assertThat(data.path("total").asLong()).isEqualTo(1);
        assertThat(data.path("events").path(0).path("value").asDouble()).isEqualTo(0.5);
    }

    @Test
    void consoleIsClearedUpToAnAge() {
        String talkative = server.newTask("");
        long now = server.clock.millis();
        server.lines("{'type':'log','task':'" + talkative + "','timestamp':" + (now - 600_000) + ",'msg':'old'}\n"
                + "{'type':'log','task':'" + talkative + "','timestamp':" + now + ",'msg':'new'}\n");
        assertThat(server.data("events.clear_task_log", "{'task':'" + talkative + "','threshold_sec':300}")
                        .path("deleted")
                        .asLong())
                .isEqualTo(1);
        JsonNode left = server.data("events.get_task_log", "{'task':'" + talkative + "'}");
        assertThat(left.path("total").asLong()).isEqualTo(1);
        assertThat(left.path("events").path(0).path("msg").stringValue()).isEqualTo("new");
    }

    @Test
    void metadataOfQueuesIsAddedAndDeleted() {
        String queue =
                server.data("queues.create", "{'name':'described'}").path("id").stringValue();
        server.data(
                "queues.add_or_update_metadata",
                "{'queue':'" + queue + "','metadata':[{'key':'a','value':'1'},{'key':'b','value':'2'}]}");
        server.data("queues.delete_metadata", "{'queue':'" + queue + "','keys':['a']}");
        assertThat(server.data("/v2.34/queues.get_by_id", "{'queue':'" + queue + "'}")
                        .path("queue")
                        .path("metadata")
                        .propertyNames())
                .containsExactly("b");
    }
}
