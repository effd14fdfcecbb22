// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import ml.clear.agent.embedded.store.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProjectAndModelTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String newProject(String name) {
        return server.data("projects.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
    }

    @Test
    void parentsAreMadeAndNamesAreUnique() {
        String id = newProject("aaa/ bbb //ccc");
        JsonNode project =
                server.data("projects.get_by_id", "{'project':'" + id + "'}").path("project");
        assertThat(project.path("name").stringValue()).isEqualTo("aaa/bbb/ccc");
        assertThat(project.path("basename").stringValue()).isEqualTo("ccc");
        assertThat(project.path("path")).hasSize(2);
        assertThat(server.codes("projects.create", "{'name':'aaa/bbb'}")).isEqualTo("400/801");
        assertThat(server.data("projects.get_all", "{'name':'^aaa','shallow_search':true,'only_fields':['name']}")
                        .path("projects"))
                .hasToString("[{\"name\":\"aaa\"}]");
        assertThat(server.codes("projects.update", "{'project':'" + id + "','name':'zzz'}"))
                .isEqualTo("400/408");
        server.data("projects.update", "{'project':'" + id + "','name':'aaa/bbb/ddd','system_tags':['hidden']}");
        assertThat(server.data("projects.get_all", "{'name':'^aaa/bbb/ddd$'}").path("projects"))
                .isEmpty();
        assertThat(server.data("projects.get_all", "{'name':'^aaa/bbb/ddd$','search_hidden':true}")
                        .path("projects"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400/407",
        "/, 400/407",
        "xx/abc, 400/12",
        "'   ', 400/12",
        "aaa/aaa/aaa/aaa/aaa/aaa/aaa/aaa/aaa/aaa/aaa, 400/409"
    })
    void badNamesAreRefused(String name, String codes) {
        assertThat(server.codes("projects.create", "{'name':'" + name + "'}")).isEqualTo(codes);
    }

    @Test
    void projectWithTasksIsDeletedOnlyByForce() {
        String id = newProject("to be deleted");
        String task = server.newTask(",'project':'" + id + "'");
        assertThat(server.codes("projects.delete", "{'project':'" + id + "'}")).isEqualTo("400/402");
        server.data("projects.delete", "{'project':'" + id + "','force':true}");
        assertThat(server.task(task).has("project")).isFalse();
        assertThat(server.codes("projects.get_by_id", "{'project':'" + id + "'}"))
                .isEqualTo("400/401");
    }

    @Test
    void modelGoesFromDraftToReady() {
        String task = server.newTask("");
        String id = server.data(
                        "models.create",
                        "{'name':'model','uri':'x/uploading_file','ready':false,'task':'" + task + "','labels':{}}")
                .path("id")
                .stringValue();
        JsonNode edited = server.data(
                "models.edit", "{'model':'" + id + "','uri':'final','design':{'design':'d'},'iteration':4}");
        assertThat(edited.path("fields").path("uri").stringValue()).isEqualTo("final");
        server.data(
                "tasks.add_or_update_model",
                "{'task':'" + task + "','name':'out','model':'" + id + "','type':'output','iteration':4}");
        assertThat(server.task(task).path("last_iteration").asInt()).isEqualTo(4);
        assertThat(server.codes("models.set_ready", "{'model':'" + id + "'}")).isEqualTo("400/110");
        server.data("models.set_ready", "{'model':'" + id + "','publish_task':false}");
        assertThat(server.codes("models.set_ready", "{'model':'" + id + "'}")).isEqualTo("400/203");
        assertThat(server.data("models.get_all", "{'task':['" + task + "'],'only_fields':['id','ready']}")
                        .path("models"))
                .hasToString("[{\"id\":\"" + id + "\",\"ready\":true}]");
        server.newTask(",'models':{'input':[{'name':'in','model':'" + id + "'}]}");
        assertThat(server.codes("models.delete", "{'model':'" + id + "'}")).isEqualTo("400/205");
        assertThat(server.data("models.delete", "{'model':'" + id + "','force':true}")
                        .path("url")
                        .stringValue())
                .isEqualTo("final");
        assertThat(server.codes("models.get_by_id", "{'model':'" + id + "'}")).isEqualTo("400/201");
        assertThat(server.codes("models.create", "{'name':'model','uri':'x','task':'none'}"))
                .isEqualTo("400/101");
        assertThat(server.codes("models.create", "{'name':'mo','uri':'x'}")).isEqualTo("400/800");
    }

    @Test
    void scrollReadsEverythingOnce() {
        String project = newProject("scrolled");
        for (int i = 0; i < 7; i++) {
            server.newTask(",'project':'" + project + "'");
        }
        String body = "{'project':['" + project + "'],'size':3,'only_fields':['id'],'scroll_id':%s}";
        JsonNode first = server.data("tasks.get_all", body.formatted("null"));
        String scroll = "'" + first.path("scroll_id").stringValue() + "'";
        assertThat(first.path("tasks")).hasSize(3);
        assertThat(server.data("tasks.get_all", body.formatted(scroll)).path("tasks"))
                .hasSize(3);
        assertThat(server.data("tasks.get_all", body.formatted(scroll)).path("tasks"))
                .hasSize(1);
        assertThat(server.data("tasks.get_all", body.formatted(scroll)).path("tasks"))
                .isEmpty();
    }

    @Test
    void extendedListShowsReferencesAsObjects() {
        String project = newProject("referenced");
        String id = server.newTask(",'project':'" + project + "'");
        JsonNode task = server.data("tasks.get_all_ex", "{'id':['" + id + "'],'only_fields':['name','project.name']}")
                .path("tasks")
                .get(0);
        assertThat(task.path("id").stringValue()).isEqualTo(id);
        assertThat(task.path("project").path("name").stringValue()).isEqualTo("referenced");
    }

    @Test
    void extendedListOfModelsNamesTheTasksThatMadeThem() {
        String task = server.newTask(",'project':'" + newProject("models") + "'");
        String model = server.data("models.create", "{'name':'made','uri':'file:///m','task':'" + task + "'}")
                .path("id")
                .stringValue();
        String request = "{'id':['" + model + "'],'only_fields':['%s']}";
        assertThat(server.data("models.get_all_ex", request.formatted("task.name"))
                        .path("models")
                        .path(0)
                        .path("task"))
                .isEqualTo(Json.object()
                        .put("id", task)
                        .put("name", server.task(task).path("name").asString("")));
        assertThat(server.data("models.get_all_ex", request.formatted("task"))
                        .path("models")
                        .path(0)
                        .path("task")
                        .asString(""))
                .isEqualTo(task);
    }

    @Test
    void clientsOfOldVersionsSetAndReadTheOneOutputModelOfATask() {
        String task = server.newTask("");
        String asked = "{'task':'" + task + "'}";
        assertThat(server.codes("models.get_by_task_id", asked)).isEqualTo("400/201");
        JsonNode made = server.data(
                "models.update_for_task", "{'task':'" + task + "','uri':'s3://b/one','iteration':3,'tags':['t']}");
        assertThat(made.path("created").asBoolean(false)).isTrue();
        JsonNode model = server.data("models.get_by_task_id", asked).path("model");
        assertThat(model.path("id")).isEqualTo(made.path("id"));
        assertThat(model.path("uri").asString("")).isEqualTo("s3://b/one");
        assertThat(model.path("name")).isEqualTo(server.task(task).path("name"));
        assertThat(server.task(task).path("last_iteration").asInt()).isEqualTo(3);
        JsonNode changed = server.data("models.update_for_task", "{'task':'" + task + "','uri':'s3://b/two'}");
        assertThat(changed.path("id")).isEqualTo(made.path("id"));
        assertThat(changed.path("created").asBoolean(true)).isFalse();
        String other = server.data("models.create", "{'name':'other','uri':'s3://b/three'}")
                .path("id")
                .stringValue();
        server.data("models.update_for_task", "{'task':'" + task + "','override_model_id':'" + other + "'}");
        assertThat(server.data("models.get_by_task_id", asked)
                        .path("model")
                        .path("uri")
                        .asString(""))
                .isEqualTo("s3://b/three");
        assertThat(server.codes("models.update_for_task", asked)).isEqualTo("400/12");
        server.data("tasks.started", asked);
        server.data("tasks.completed", asked);
        assertThat(server.codes("models.update_for_task", "{'task':'" + task + "','uri':'s3://b/four'}"))
                .isEqualTo("400/110");
    }
}
