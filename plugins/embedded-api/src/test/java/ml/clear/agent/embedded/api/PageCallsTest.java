// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Calls of a web application, of pipelines and of reports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageCallsTest {

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
    void waysToLogInAreSaidWithoutCredentials() {
        assertThat(server.send(HttpRequest.newBuilder(server.address("/login.supported_modes"))
                                .GET())
                        .body())
                .contains("\"basic\":{\"enabled\":false");
        assertThat(server.data("auth.get_credentials", "{}")
                        .path("credentials")
                        .path(0)
                        .path("access_key")
                        .stringValue())
                .isEqualTo(server.keys.accessKey());
        assertThat(server.data("server.config", "{}")).isEmpty();
    }

    @Test
    void preferencesAreMergedAndKept() {
        server.data("users.set_preferences", "{'preferences':{'view':{'dark':true,'size':3}}}");
        server.data("users.set_preferences", "{'preferences':{'view':{'size':4},'x':1}}");
        server.data("users.set_preferences", "{'preferences':{'x':null}}");
        assertThat(server.data("users.get_preferences", "{}").path("preferences"))
                .hasToString("{\"view\":{\"dark\":true,\"size\":4}}");
    }

    @Test
    void objectsAreReadByIdWithTheirReferences() {
        String task = server.newTask("");
        assertThat(server.data("tasks.get_by_id_ex", "{'id':['" + task + "'],'only_fields':['name','user.name']}")
                        .path("tasks")
                        .path(0)
                        .path("user")
                        .path("name")
                        .stringValue())
                .isEqualTo(Caller.USER_NAME);
        assertThat(server.codes("tasks.get_by_id_ex", "{}")).isEqualTo("400/12");
        String model = created("models.create", "{'name':'model','uri':'file:///m'}");
        assertThat(server.data("models.get_by_id_ex", "{'id':['" + model + "']}")
                        .path("models"))
                .hasSize(1);
    }

    @Test
    void pipelineIsStartedAgainWithOtherArguments() {
        String controller = created(
                "tasks.create",
                "{'name':'pipe','type':'controller','hyperparams':{'Args':{'a':{'name':'a','value':'1'},'b':{'name':'b','value':'2'}}}}");
        JsonNode started = server.data(
                "pipelines.start_pipeline",
                "{'task':'" + controller + "','args':[{'name':'a','value':'9'}],'verify_watched_queue':true}");
        assertThat(started.path("queue_watched").asBoolean()).isFalse();
        JsonNode copy = server.task(started.path("pipeline").stringValue());
        assertThat(copy.path("status").stringValue()).isEqualTo("queued");
        assertThat(copy.path("hyperparams").path("Args").path("a").path("value").stringValue())
                .isEqualTo("9");
        assertThat(copy.path("hyperparams").path("Args").path("b").path("value").stringValue())
                .isEqualTo("2");
    }

    @Test
    void whatADeletionOfAProjectWouldRemoveIsCounted() {
        String project = created("projects.create", "{'name':'to be validated'}");
        String inside = ",'project':'" + project + "'";
        server.newTask(inside);
        server.newTask(inside + ",'system_tags':['archived']");
        server.newTask(inside + ",'system_tags':['dataset']");
        JsonNode counts = server.data("projects.validate_delete", "{'project':'" + project + "'}");
        assertThat(counts.path("tasks").asInt()).isEqualTo(3);
        assertThat(counts.path("non_archived_tasks").asInt()).isEqualTo(2);
        assertThat(counts.path("datasets").asInt()).isEqualTo(1);
        assertThat(counts.path("models").asInt()).isZero();
    }

    @Test
    void reportsAreTasksInAHiddenProject() {
        String project = created("projects.create", "{'name':'reported'}");
        String report = created(
                "reports.create",
                "{'name':'findings','project':'" + project + "','report':'# It works','tags':['good']}");
        server.data("reports.update", "{'task':'" + report + "','report':'# It works well'}");
        JsonNode found = server.data("reports.get_all_ex", "{'only_fields':['name','report']}")
                .path("tasks");
        assertThat(found.valueStream()
                        .map(task -> task.path("report").asString(""))
                        .collect(Collectors.joining()))
                .isEqualTo("# It works well");
        assertThat(server.data("reports.get_tags", "{}").path("tags")).hasToString("[\"good\"]");
        assertThat(server.data("projects.get_all", "{'name':'^reported/'}").path("projects"))
                .isEmpty();
        server.data("reports.publish", "{'task':'" + report + "','comment':'done'}");
        assertThat(server.codes("reports.update", "{'task':'" + report + "','name':'other'}"))
                .isEqualTo("400/110");
        assertThat(server.codes("reports.delete", "{'task':'" + report + "'}")).isEqualTo("400/123");
        server.data("reports.archive", "{'task':'" + report + "'}");
        server.data("reports.move", "{'task':'" + report + "','project_name':'elsewhere'}");
        assertThat(server.data("reports.delete", "{'task':'" + report + "'}")
                        .path("deleted")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.codes("reports.update", "{'task':'" + server.newTask("") + "'}"))
                .isEqualTo("400/12");
    }
}
