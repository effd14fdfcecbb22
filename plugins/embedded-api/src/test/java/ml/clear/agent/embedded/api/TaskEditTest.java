// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskEditTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void freshTaskHasAllContainers() {
        JsonNode task = server.task(server.newTask(""));
        for (String container : new String[] {
            "execution", "output", "script", "models", "container", "hyperparams", "configuration", "runtime"
        }) {
            assertThat(task.path(container).isObject()).as(container).isTrue();
        }
        assertThat(task.path("execution").path("artifacts").isArray()).isTrue();
        assertThat(task.path("models").path("input").isArray()).isTrue();
        assertThat(task.path("tags").isArray()).isTrue();
        assertThat(task.path("status_message").stringValue()).isEmpty();
        assertThat(task.path("created").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?\\+00:00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'training'} | 400/12",
                "{'name':'task','type':'nonsense'} | 400/12",
                "{'name':' x ','type':'training'} | 400/800",
                "{'name':5,'type':'training'} | 400/12",
                "{'name':'task','type':'training','project':'none'} | 400/16",
                "{'name':'task','type':'training','parent':'none'} | 400/16",
                "{'name':'task','type':'training','script':{'bogus':1}} | 400/12",
                "{'name':'task','type':'training','script':5} | 400/12",
                "{'name':'task','type':'training','tags':'text'} | 400/800",
                "{'name':'task','type':'training','hyperparams':{'a':{'b':{'value':5}}}} | 400/800",
                "{'name':'task','type':'training','configuration':{'b':{'value':'5'}}} | 400/800",
                "{'name':'task','type':'training','execution':{'artifacts':[{'key':'k'}]}} | 400/800",
                "{'name':'task','type':'training','models':{'input':[{'name':'m','model':'none'}]}} | 400/201"
            })
    void badTasksAreNotMade(String body, String codes) {
        assertThat(server.codes("tasks.create", body)).isEqualTo(codes);
    }

    @Test
    void editMergesSomeMembersAndReplacesOthers() {
        String id = server.newTask(
                ",'script':{'repository':' r ','branch':'b','diff':' d '},'hyperparams':{'A':{'x':{'name':'x','section':'A','value':'1'}}}");
        server.data(
                "tasks.edit",
                "{'task':'" + id + "','script':{'version_num':'abc','branch':null},'hyperparams':{},"
                        + "'runtime':{'k.with.dots':1},'models':{'output':[]},'output_dest':'s3://x','output':{'result':'no'}}");
        JsonNode task = server.task(id);
        assertThat(task.path("script").path("repository").stringValue()).isEqualTo("r");
        assertThat(task.path("script").path("diff").stringValue()).isEqualTo(" d ");
        assertThat(task.path("script").path("version_num").stringValue()).isEqualTo("abc");
        assertThat(task.path("script").has("branch")).isFalse();
        assertThat(task.path("hyperparams")).isEmpty();
        assertThat(task.path("runtime").path("k.with.dots").asInt()).isEqualTo(1);
        assertThat(task.path("models").has("input")).isTrue();
        assertThat(task.path("output")).hasToString("{\"destination\":\"s3://x\"}");
        assertThat(server.data("tasks.edit", "{'task':'" + id + "','unknown':1}")
                        .path("updated")
                        .asInt())
                .isZero();
    }

    @Test
    void runningTaskIsEditedOnlyByForce() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(server.codes("tasks.edit", "{'task':'" + id + "','comment':'x'}"))
                .isEqualTo("400/110");
        assertThat(server.codes("tasks.edit", "{'task':'" + id + "','comment':'x','force':true}"))
                .isEqualTo("200/0");
        assertThat(server.codes("tasks.update", "{'task':'" + id + "','status_message':'new'}"))
                .isEqualTo("200/0");
        assertThat(server.task(id).path("status_message").stringValue()).isEqualTo("new");
    }

    @Test
    void artifactsAreReplacedByKeyAndModeAndSorted() {
        String id = server.newTask("");
        server.data(
                "tasks.add_or_update_artifacts",
                "{'task':'" + id + "','artifacts':[{'key':'b','type':'x','uri':'1'},{'key':'a','type':'x'}]}");
        server.data(
                "tasks.add_or_update_artifacts",
                "{'task':'" + id + "','artifacts':[{'key':'b','type':'x','uri':'2'}]}");
        assertThat(server.task(id).path("execution").path("artifacts"))
                .hasToString("[{\"key\":\"a\",\"type\":\"x\",\"mode\":\"output\"},"
                        + "{\"key\":\"b\",\"type\":\"x\",\"uri\":\"2\",\"mode\":\"output\"}]");
        server.data("tasks.delete_artifacts", "{'task':'" + id + "','artifacts':[{'key':'b'},{'key':'none'}]}");
        assertThat(server.task(id).path("execution").path("artifacts")).hasSize(1);
    }

    @Test
    void parametersAreEditedItemByItem() {
        String id = server.newTask("");
        server.data(
                "tasks.edit_hyper_params",
                "{'task':'" + id
                        + "','hyperparams':[{'section':'B','name':'y.z/$','value':'2'},{'section':'A','name':'x','value':'1'}]}");
        assertThat(server.data("tasks.get_hyper_params", "{'tasks':['" + id + "']}")
                        .path("params")
                        .get(0)
                        .path("hyperparams"))
                .hasToString(
                        "[{\"section\":\"A\",\"name\":\"x\",\"value\":\"1\"},{\"section\":\"B\",\"name\":\"y.z/$\",\"value\":\"2\"}]");
        server.data("tasks.started", "{'task':'" + id + "'}");
        String edit = "{'task':'" + id + "','hyperparams':[{'section':'%s','name':'n','value':'v'}]}";
        assertThat(server.codes("tasks.edit_hyper_params", edit.formatted("A"))).isEqualTo("400/110");
        assertThat(server.codes("tasks.edit_hyper_params", edit.formatted("Properties")))
                .isEqualTo("200/0");
        assertThat(server.task(id)
                        .path("hyperparams")
                        .path("properties")
                        .path("n")
                        .path("value")
                        .stringValue())
                .isEqualTo("v");
        assertThat(server.codes("tasks.get_hyper_params", "{'tasks':['" + id + "','none']}"))
                .isEqualTo("400/101");
        server.data("tasks.delete_hyper_params", "{'task':'" + id + "','force':true,'hyperparams':[{'section':'B'}]}");
        assertThat(server.task(id).path("hyperparams").has("B")).isFalse();
    }

    @Test
    void cloneTakesTheRecipeAndNotTheResults() {
        String id = server.newTask(
                ",'tags':['t'],'system_tags':['development'],'runtime':{'r':1},'script':{'diff':'print()'},"
                        + "'execution':{'artifacts':[{'key':'in','type':'x','mode':'input'},{'key':'out','type':'x'}]}");
        String copy = server.data("tasks.clone", "{'task':'" + id + "','new_task_name':'the copy'}")
                .path("id")
                .stringValue();
        JsonNode task = server.task(copy);
        assertThat(task.path("name").stringValue()).isEqualTo("the copy");
        assertThat(task.path("parent").stringValue()).isEqualTo(id);
        assertThat(task.path("script").path("diff").stringValue()).isEqualTo("print()");
        assertThat(task.path("tags")).hasToString("[\"t\"]");
        assertThat(task.path("system_tags")).isEmpty();
        assertThat(task.path("runtime")).isEmpty();
        assertThat(task.path("execution").path("artifacts")).hasSize(1);
        assertThat(server.codes("tasks.clone", "{'task':'none'}")).isEqualTo("400/101");
        assertThat(server.codes("tasks.clone", "{'task':'" + id + "','new_task_project':'none'}"))
                .isEqualTo("400/401");
        assertThat(server.codes("tasks.clone", "{'task':'" + id + "','new_task_name':'x'}"))
                .isEqualTo("400/800");
    }

    @Test
    void resetKeepsParametersAndDropsResults() {
        String id =
                server.newTask(",'hyperparams':{'A':{'x':{'name':'x','section':'A','value':'1'}}},'runtime':{'r':1}");
        server.data("tasks.started", "{'task':'" + id + "'}");
        server.lines(
                "{'type':'training_stats_scalar','task':'" + id + "','iter':7,'metric':'m','variant':'v','value':1}");
        assertThat(server.task(id).path("last_iteration").asInt()).isEqualTo(7);
        server.data("tasks.reset", "{'task':'" + id + "'}");
        JsonNode task = server.task(id);
        assertThat(task.path("status").stringValue()).isEqualTo("created");
        assertThat(task.path("last_iteration").asInt()).isZero();
        assertThat(task.path("last_metrics")).isEmpty();
        assertThat(task.path("runtime")).isEmpty();
        assertThat(task.has("started")).isFalse();
        assertThat(task.path("hyperparams").path("A").has("x")).isTrue();
    }

    @Test
    void deletedTaskLeavesMarkInItsChildren() {
        String id = server.newTask("");
        String child = server.newTask(",'parent':'" + id + "'");
        server.data("tasks.started", "{'task':'" + id + "'}");
        assertThat(server.codes("tasks.delete", "{'task':'" + id + "'}")).isEqualTo("400/123");
        server.data("tasks.archive", "{'tasks':['" + id + "']}");
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("stopped");
        assertThat(server.data("tasks.delete", "{'task':'" + id + "'}")
                        .path("updated_children")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.codes("tasks.get_by_id", "{'task':'" + id + "'}")).isEqualTo("400/101");
        assertThat(server.task(child).path("parent").stringValue()).isEqualTo("__DELETED__" + id);
    }

    @Test
    void filesOfDeletedTaskAreNamedWhenAskedFor() {
        String id = server.newTask("");
        server.data(
                "tasks.add_or_update_artifacts",
                "{'task':'" + id + "','artifacts':[{'key':'a','type':'custom','uri':'http://h/a'},"
                        + "{'key':'b','type':'custom','mode':'input','uri':'http://h/b'}]}");
        server.data("models.create", "{'name':'draft','uri':'http://h/m','ready':false,'task':'" + id + "'}");
        server.data(
                "events.add",
                "{'type':'training_debug_image','task':'" + id
                        + "','metric':'m','variant':'v','iter':1,'url':'http://h/i'}");
        assertThat(server.data("tasks.delete", "{'force':true,'return_file_urls':true,'task':'" + id + "'}")
                        .path("urls")
                        .toString())
                .isEqualTo("""
                        {"model_urls":["http://h/m"],"event_urls":["http://h/i"],"artifact_urls":["http://h/a"]}""");
    }

    @Test
    void manyFormsReportEachId() {
        String id = server.newTask("");
        JsonNode answer = server.data("tasks.archive_many", "{'ids':['" + id + "','none']}");
        assertThat(answer.path("succeeded").get(0).path("archived").booleanValue())
                .isTrue();
        assertThat(answer.path("failed").get(0).path("error").path("codes")).hasToString("[400,101]");
        assertThat(server.codes("tasks.archive_many", "{'ids':[]}")).isEqualTo("400/12");
    }

    @Test
    void oldVersionSeesContainerAsCommand() {
        String id = server.newTask(",'container':{'image':'python:3','arguments':'--ipc host'}");
        JsonNode old =
                server.data("/v2.5/tasks.get_by_id", "{'task':'" + id + "'}").path("task");
        assertThat(old.path("execution").path("docker_cmd").stringValue()).isEqualTo("python:3 --ipc host");
        assertThat(server.task(id).path("execution").has("docker_cmd")).isFalse();
        server.data("/v2.5/tasks.edit", "{'task':'" + id + "','execution':{'docker_cmd':'busybox -t'}}");
        assertThat(server.task(id).path("container").path("image").stringValue())
                .isEqualTo("busybox");
    }

    @Test
    void namesThatLookLikeCommandsOfTheDatabaseAreJustNames() {
        String name = "x\\u0027); DROP TABLE task; --";
        String id = server.data("projects.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
        assertThat(server.data("projects.get_by_id", "{'project':'" + id + "'}")
                        .path("project")
                        .path("name")
                        .stringValue())
                .isEqualTo("x'); DROP TABLE task; --");
        assertThat(server.data("tasks.get_all", "{'project':['x\\u0027 OR 1=1 --']}")
                        .path("tasks"))
                .isEmpty();
    }
}
