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

/** Calls that people make by hand, by the SDK's APIClient. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptCallsTest {

    private TestServer server;
    private String project;
    private String first;
    private String second;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
        project = server.data("projects.create", "{'name':'scripts/inner'}")
                .path("id")
                .stringValue();
        first = server.newTask(",'project':'" + project
                + "','tags':['red','blue'],'hyperparams':{'Args':{'lr':{'name':'lr','value':'0.1'}}}");
        second = server.newTask(
                ",'project':'" + project + "','parent':'" + first
                        + "','tags':['red'],'hyperparams':{'Args':{'lr':{'name':'lr','value':'0.2'},'n':{'name':'n','value':'3'}}}");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            lines.append(scalar(first, i, "loss", "train", i)).append(scalar(first, i, "loss", "test", 2 * i));
        }
        lines.append(scalar(second, 0, "accuracy", "test", 1));
        lines.append(
                "{'type':'plot','task':'" + first + "','metric':'figure','variant':'v','iter':1,'plot_str':'{}'}\n");
        lines.append(
                "{'type':'log','task':'" + first + "','timestamp':1000,'level':'INFO','worker':'w','msg':'one'}\n");
        lines.append(
                "{'type':'log','task':'" + first + "','timestamp':2000,'level':'INFO','worker':'w','msg':'two'}\n");
        server.lines(lines.toString());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String scalar(String task, int iteration, String metric, String variant, double value) {
        return "{'type':'training_stats_scalar','task':'" + task + "','iter':" + iteration + ",'metric':'" + metric
                + "','variant':'" + variant + "','value':" + value + ",'timestamp':" + (1000 + iteration) + "}\n";
    }

    @Test
    void metricsAndVariantsAreListed() {
        assertThat(server.data("events.get_scalar_metrics_and_variants", "{'task':'" + first + "'}")
                        .path("metrics"))
                .hasToString("{\"loss\":[\"test\",\"train\"]}");
        assertThat(server.data("events.get_task_metrics", "{'tasks':['" + first + "','" + second + "']}")
                        .path("metrics")
                        .path(0)
                        .path("metrics"))
                .hasToString("[\"figure\",\"loss\"]");
        assertThat(server.data(
                                "events.get_multi_task_metrics",
                                "{'tasks':['" + first + "','" + second + "'],'event_type':'training_stats_scalar'}")
                        .path("metrics"))
                .hasToString(
                        "[{\"metric\":\"accuracy\",\"variants\":[\"test\"]},{\"metric\":\"loss\",\"variants\":[\"test\",\"train\"]}]");
        JsonNode unique = server.data("projects.get_unique_metric_variants", "{'project':'" + project + "'}")
                .path("metrics");
        assertThat(unique).hasSize(3);
        assertThat(server.task(first)
                        .path("last_metrics")
                        .path(unique.path(1).path("metric_hash").stringValue())
                        .path(unique.path(1).path("variant_hash").stringValue())
                        .path("variant")
                        .stringValue())
                .isEqualTo("test");
    }

    @Test
    void latestValuesComeWithTheMeanOfTheLastHundred() {
        JsonNode loss = server.data("events.get_task_latest_scalar_values", "{'task':'" + first + "'}")
                .path("metrics")
                .path(0);
        assertThat(loss.path("name").stringValue()).isEqualTo("loss");
        assertThat(loss.path("variants").path(1).path("last_value").asDouble()).isEqualTo(249);
        assertThat(loss.path("variants").path(1).path("last_100_value").asDouble())
                .isEqualTo(199.5);
    }

    @Test
    void curvesOfSeveralTasksLieSideBySide() {
        JsonNode curves = server.data(
                "events.multi_task_scalar_metrics_iter_histogram",
                "{'tasks':['" + first + "','" + second + "'],'samples':10}");
        assertThat(curves.path("loss").path("train").path(first).path("x")).hasSize(10);
        assertThat(curves.path("loss").path("train").path(first).path("name").stringValue())
                .isEqualTo("task");
        assertThat(curves.path("accuracy").path("test").path(second).path("y")).hasToString("[1.0]");
    }

    @Test
    void numbersAreReadRawPageByPage() {
        String request = "'task':'" + first + "','metric':{'metric':'loss','variants':['train']},'batch_size':100";
        int read = 0;
        String scroll = "";
        JsonNode page = server.data("events.scalar_metrics_iter_raw", "{" + request + ",'count_total':true}");
        while (page.path("returned").asInt() > 0) {
            assertThat(page.path("total").asInt()).isEqualTo(250);
            assertThat(page.path("variants").path("train").path("iter").path(0).asInt())
                    .isEqualTo(read);
            read += page.path("returned").asInt();
            scroll = page.path("scroll_id").stringValue();
            page = server.data("events.scalar_metrics_iter_raw", "{" + request + ",'scroll_id':'" + scroll + "'}");
        }
        assertThat(read).isEqualTo(250);
    }

    @Test
    void figuresOfSeveralTasksLieByMetricTaskAndIteration() {
        JsonNode plots = server.data("events.get_multi_task_plots", "{'tasks':['" + first + "','" + second + "']}");
        assertThat(plots.path("returned").asInt()).isEqualTo(1);
        JsonNode place =
                plots.path("plots").path("figure").path("v").path(first).path("1");
        assertThat(place.path("plots").path(0).path("plot_str").stringValue()).isEqualTo("{}");
    }

    private String log(String more) {
        return server.send(server.request("/v2.23/events.download_task_log?task=" + first + more)
                        .GET())
                .body();
    }

    @Test
    void consoleIsDownloadedAsText() {
        assertThat(log("&line_type=text&line_format=%7Bworker%7D:%20%7Bmsg%7D")).isEqualTo("w: one\nw: two\n");
        assertThat(log(""))
                .startsWith("{\"asctime\":\"1970-01-01T00:00:01.000Z\"")
                .hasLineCount(2);
        assertThat(log("&line_type=text&line_format=%7Bsecret%7D")).contains("\"result_code\":400");
    }

    @Test
    void parametersTagsAndParentsOfAProjectAreListed() {
        String inside = "{'project':'" + project + "'}";
        assertThat(server.data("projects.get_hyper_parameters", inside).path("parameters"))
                .hasToString("[{\"section\":\"Args\",\"name\":\"lr\"},{\"section\":\"Args\",\"name\":\"n\"}]");
        assertThat(server.data("projects.get_hyperparam_values", "{'section':'Args','name':'lr'}")
                        .path("values"))
                .hasToString("[\"0.1\",\"0.2\"]");
        assertThat(server.data("projects.get_task_tags", "{'projects':['" + project + "']}")
                        .path("tags"))
                .hasToString("[\"blue\",\"red\"]");
        assertThat(server.data("organization.get_tags", "{'include_system':true}")
                        .path("system_tags"))
                .isEmpty();
        JsonNode parent = server.data("projects.get_task_parents", "{'projects':['" + project + "']}")
                .path("parents")
                .path(0);
        assertThat(parent.path("id").stringValue()).isEqualTo(first);
        assertThat(parent.path("project").path("name").stringValue()).isEqualTo("scripts/inner");
    }

    @Test
    void tagsAreAddedAndRemovedTogether() {
        String task = server.newTask(",'tags':['old','kept']");
        server.data("tasks.update_tags", "{'ids':['" + task + "'],'add_tags':['new'],'remove_tags':['old','absent']}");
        assertThat(server.task(task).path("tags")).hasToString("[\"kept\",\"new\"]");
    }

    @Test
    void publicObjectsBelongToNoCompany() {
        String task = server.newTask("");
        server.data("tasks.make_public", "{'ids':['" + task + "']}");
        assertThat(server.task(task).path("company").stringValue()).isEmpty();
        assertThat(server.data("tasks.get_all_ex", "{'id':['" + task + "'],'allow_public':false}")
                        .path("tasks"))
                .isEmpty();
        server.data("tasks.make_private", "{'ids':['" + task + "']}");
        assertThat(server.task(task).path("company").stringValue()).isEqualTo(Caller.COMPANY);
    }
}
