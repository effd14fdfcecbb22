// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Members of requests that change what a caller gets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestEffectTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String created(String call, String request) {
        return server.data(call, request).path("id").stringValue();
    }

    @Test
    void singleValuesOfModelsAreReadByModelEvents() {
        String model = created("models.create", "{'name':'measured','uri':'file:///m'}");
        server.lines("{'type':'training_stats_scalar','model':'" + model
                + "','model_event':true,'iter':-2147483648,'metric':'Summary','variant':'accuracy','value':0.9}\n"
                + "{'type':'training_stats_scalar','model':'" + model
                + "','model_event':true,'iter':-2147483648,'metric':'Summary','variant':'loss','value':0.1}");
        JsonNode values = server.data(
                        "events.get_task_single_value_metrics",
                        "{'tasks':['" + model
                                + "'],'model_events':true,'metrics':[{'metric':'Summary','variants':['accuracy']}]}")
                .path("tasks")
                .path(0);
        assertThat(values.path("task_name").stringValue()).isEqualTo("measured");
        assertThat(values.path("values")).hasSize(1);
        assertThat(values.path("values").path(0).path("value").asDouble()).isEqualTo(0.9);
        assertThat(server.codes("events.get_task_single_value_metrics", "{'tasks':['" + model + "']}"))
                .isEqualTo("400/101");
    }

    private String uploaded(String name) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"/" + name + "\"\r\n\r\ntext\r\n--b--\r\n";
        assertThat(server.send(server.request("/files")
                                .header("Content-Type", "multipart/form-data; boundary=b")
                                .POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(200);
        return server.address("/files/" + name).toString();
    }

    private int statusOf(String name) {
        return server.send(server.request("/files/" + name).GET()).statusCode();
    }

    @Test
    void filesOfADeletedTaskAreDeletedOnlyOnDemand() {
        for (boolean wanted : List.of(true, false)) {
            String address = uploaded("artifact-" + wanted);
            String task = server.newTask("");
            server.data(
                    "tasks.add_or_update_artifacts",
                    "{'task':'" + task + "','artifacts':[{'key':'a','type':'t','uri':'" + address
                            + "'},{'key':'b','type':'t','uri':'http://elsewhere/files/artifact-true'}]}");
            JsonNode urls = server.data(
                            "tasks.delete",
                            "{'task':'" + task + "','return_file_urls':true,'delete_external_artifacts':" + wanted
                                    + "}")
                    .path("urls")
                    .path("artifact_urls");
            assertThat(statusOf("artifact-" + wanted)).isEqualTo(wanted ? 404 : 200);
            assertThat(urls).hasSize(wanted ? 1 : 2);
        }
    }

    @Test
    void stepsOfAPipelineFollowItsController() {
        String controller = created("tasks.create", "{'name':'pipeline','type':'controller'}");
        String step = server.newTask(",'parent':'" + controller + "'");
        server.data("tasks.archive", "{'tasks':['" + controller + "']}");
        assertThat(server.task(step).path("system_tags")).isEmpty();
        server.data("tasks.archive_many", "{'ids':['" + controller + "'],'include_pipeline_steps':true}");
        assertThat(server.task(step).path("system_tags")).hasToString("[\"archived\"]");
        server.data("tasks.unarchive_many", "{'ids':['" + controller + "'],'include_pipeline_steps':true}");
        assertThat(server.task(step).path("system_tags")).isEmpty();
        server.data("tasks.enqueue", "{'task':'" + step + "','queue_name':'default'}");
        server.data("tasks.enqueue", "{'task':'" + controller + "','queue_name':'default'}");
        server.data("tasks.stop", "{'task':'" + controller + "','include_pipeline_steps':true}");
        assertThat(server.task(step).path("status").stringValue()).isEqualTo("stopped");
        server.data("tasks.delete", "{'task':'" + controller + "','force':true,'include_pipeline_steps':true}");
        assertThat(server.codes("tasks.get_by_id", "{'task':'" + step + "'}")).isEqualTo("400/101");
    }

    private List<String> found(String text) {
        return server.data("tasks.get_all", "{'search_text':'" + text + "','only_fields':['name']}")
                .path("tasks")
                .valueStream()
                .map(task -> task.path("name").stringValue())
                .toList();
    }

    @Test
    void textIsSearchedInNameCommentAndScript() {
        created("tasks.create", "{'name':'Zebra one','type':'training','comment':'striped animal'}");
        created("tasks.create", "{'name':'okapi','type':'training','script':{'entry_point':'zebra_train.py'}}");
        assertThat(found("zebra")).containsExactly("Zebra one", "okapi");
        assertThat(found("striped okapi")).containsExactly("Zebra one", "okapi");
        assertThat(found("zebra -animal")).containsExactly("okapi");
        assertThat(found("\\\"striped animal\\\"")).containsExactly("Zebra one");
        assertThat(found("unicorn")).isEmpty();
    }

    @Test
    void statisticsCountWhatTheirFilterSelects() {
        String project = created("projects.create", "{'name':'counted project'}");
        String inside = ",'project':'" + project + "'";
        server.newTask(inside + ",'tags':['wanted']");
        server.newTask(inside);
        JsonNode shown = server.data(
                        "projects.get_all_ex",
                        "{'id':['" + project + "'],'include_stats':true,'include_stats_filter':{'tags':['wanted']}}")
                .path("projects")
                .path(0);
        assertThat(shown.path("stats").path("active").path("total_tasks").asInt())
                .isEqualTo(1);
    }

    @Test
    void picturesAreReadForwardsToo() {
        String task = server.newTask("");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            lines.append("{'type':'training_debug_image','task':'" + task + "','iter':" + i
                    + ",'metric':'m','variant':'v','key':'k" + i + "','url':'http://h/" + i + "'}\n");
        }
        server.lines(lines.toString());
        String wanted = "'metrics':[{'task':'" + task + "','metric':'m'}],'iters':2";
        JsonNode newest = server.data("events.debug_images", "{" + wanted + "}");
        assertThat(iterations(newest)).containsExactly(5L, 4L);
        JsonNode before = server.data("events.debug_images", "{" + wanted + "," + scroll(newest) + "}");
        assertThat(iterations(before)).containsExactly(3L, 2L);
        JsonNode again =
                server.data("events.debug_images", "{" + wanted + "," + scroll(before) + ",'navigate_earlier':false}");
        assertThat(iterations(again)).containsExactly(5L, 4L);
    }

    private static String scroll(JsonNode answer) {
        return "'scroll_id':'" + answer.path("scroll_id").stringValue() + "'";
    }

    private static List<Long> iterations(JsonNode answer) {
        return answer.path("metrics")
                .path(0)
                .path("iterations")
                .valueStream()
                .map(iteration -> iteration.path("iter").asLong())
                .toList();
    }

    @Test
    void servingContainersReportUntilTheyFallSilent() {
        server.data(
                "/v2.34/serving.register_container",
                "{'container_id':'c1','endpoint_name':'digits','model_name':'m','timeout':60}");
        assertThat(server.data("/v2.34/serving.get_loading_instances", "{}").path("instances"))
                .hasSize(1);
        server.data(
                "/v2.34/serving.container_status_report",
                "{'container_id':'c1','endpoint_name':'digits','endpoint_url':'http://s/digits','model_name':'m','requests_num':7,'uptime_sec':3}");
        JsonNode endpoint = server.data("/v2.34/serving.get_endpoints", "{}")
                .path("endpoints")
                .path(0);
        assertThat(endpoint.path("endpoint").stringValue()).isEqualTo("digits");
        assertThat(endpoint.path("requests").asInt()).isEqualTo(7);
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(server.data("/v2.34/serving.get_endpoints", "{}").path("endpoints"))
                .isEmpty();
    }
}
