// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MoveTest {

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String newProject(String name) {
        return server.data("projects.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
    }

    private JsonNode project(String id) {
        return server.data("projects.get_by_id", "{'project':'" + id + "'}").path("project");
    }

    private String byName(String name) {
        return server.data("projects.get_all", "{'name':'^" + name + "$','only_fields':['id']}")
                .path("projects")
                .path(0)
                .path("id")
                .asString("none");
    }

    @Test
    void tasksAndModelsGoWhereTheyAreSent() {
        String target = newProject("target");
        String task = server.newTask(",'project':'" + newProject("source") + "'");
        String model = server.data("models.create", "{'name':'model','uri':'u'}")
                .path("id")
                .stringValue();
        assertThat(server.data("tasks.move", "{'ids':['" + task + "'],'project':'" + target + "'}")
                        .path("project_id")
                        .stringValue())
                .isEqualTo(target);
        assertThat(server.task(task).path("project").stringValue()).isEqualTo(target);
        String made = server.data("models.move", "{'ids':['" + model + "'],'project_name':'new/place'}")
                .path("project_id")
                .stringValue();
        assertThat(project(made).path("name").stringValue()).isEqualTo("new/place");
        assertThat(server.data("models.get_by_id", "{'model':'" + model + "'}")
                        .path("model")
                        .path("project")
                        .stringValue())
                .isEqualTo(made);
        server.data("tasks.move", "{'ids':['" + task + "'],'project':null}");
        assertThat(server.task(task).has("project")).isFalse();
    }

    @Test
    void movesThatMakeNoSenseAreRefusedAndChangeNothing() {
        String project = newProject("place");
        String task = server.newTask(",'project':'" + project + "'");
        assertThat(server.codes("tasks.move", "{'ids':['" + task + "']}")).isEqualTo("400/12");
        assertThat(server.codes(
                        "tasks.move", "{'ids':['" + task + "'],'project':'" + project + "','project_name':'other'}"))
                .isEqualTo("400/12");
        assertThat(server.codes("tasks.move", "{'ids':[],'project':'" + project + "'}"))
                .isEqualTo("400/12");
        assertThat(server.codes("tasks.move", "{'ids':['" + task + "'],'project':'nowhere'}"))
                .isEqualTo("400/401");
        assertThat(server.codes("tasks.move", "{'ids':['" + task + "','nothing'],'project_name':'other'}"))
                .isEqualTo("400/101");
        assertThat(server.task(task).path("project").stringValue()).isEqualTo(project);
        assertThat(byName("other")).isEqualTo("none");
    }

    @Test
    void projectTakesItsDescendantsAlong() {
        String top = newProject("one/two");
        String below = newProject("one/two/three");
        assertThat(server.data("projects.move", "{'project':'" + top + "','new_location':'far/away'}")
                        .path("moved")
                        .asInt())
                .isEqualTo(2);
        assertThat(project(below).path("name").stringValue()).isEqualTo("far/away/two/three");
        assertThat(project(below).path("path").valueStream().map(JsonNode::stringValue))
                .containsExactly(byName("far"), byName("far/away"), top);
        assertThat(project(top).path("parent").stringValue()).isEqualTo(byName("far/away"));
        server.data("projects.move", "{'project':'" + top + "','new_location':''}");
        assertThat(project(below).path("name").stringValue()).isEqualTo("two/three");
        assertThat(project(top).has("parent")).isFalse();
    }

    @Test
    void projectIsNotMovedBelowItselfNorOntoAnother() {
        String top = newProject("one/two");
        newProject("other/two");
        assertThat(server.codes("projects.move", "{'project':'" + top + "','new_location':'one'}"))
                .isEqualTo("400/410");
        assertThat(server.codes("projects.move", "{'project':'" + top + "','new_location':'one/two/below'}"))
                .isEqualTo("400/411");
        assertThat(server.codes("projects.move", "{'project':'" + top + "','new_location':'other'}"))
                .isEqualTo("400/801");
        assertThat(server.codes(
                        "projects.move",
                        "{'project':'" + top + "','new_location':'aaa/bbb/ccc/ddd/eee/fff/ggg/hhh/iii/jjj'}"))
                .isEqualTo("400/409");
        assertThat(project(top).path("name").stringValue()).isEqualTo("one/two");
    }

    @Test
    void mergedProjectLeavesEverythingInTheOther() {
        String from = newProject("from");
        String to = newProject("into");
        String twin = newProject("into/same");
        String inTwin = server.newTask(",'project':'" + newProject("from/same") + "'");
        String single = newProject("from/single");
        String task = server.newTask(",'project':'" + from + "'");
        JsonNode merged =
                server.data("projects.merge", "{'project':'" + from + "','destination_project':'" + to + "'}");
        assertThat(merged.path("moved_entities").asInt()).isEqualTo(2);
        assertThat(merged.path("moved_projects").asInt()).isEqualTo(1);
        assertThat(server.task(task).path("project").stringValue()).isEqualTo(to);
        assertThat(server.task(inTwin).path("project").stringValue()).isEqualTo(twin);
        assertThat(project(single).path("name").stringValue()).isEqualTo("into/single");
        assertThat(server.codes("projects.get_by_id", "{'project':'" + from + "'}"))
                .isEqualTo("400/401");
        assertThat(server.codes("projects.merge", "{'project':'" + to + "','destination_project':'" + to + "'}"))
                .isEqualTo("400/410");
        assertThat(server.codes("projects.merge", "{'project':'" + to + "','destination_project':'" + single + "'}"))
                .isEqualTo("400/412");
    }

    @Test
    void extendedListOfProjectsCountsWhatIsInThem() {
        String top = newProject("stats");
        String below = newProject("stats/below");
        server.newTask(",'project':'" + top + "'");
        String done = server.newTask(",'project':'" + below + "'");
        server.data("tasks.completed", "{'task':'" + done + "','force':true}");
        server.data("tasks.archive", "{'tasks':['" + server.newTask(",'project':'" + below + "'") + "']}");
        JsonNode found = server.data(
                        "projects.get_all_ex",
                        "{'id':['" + top + "'],'only_fields':['name'],'include_stats':true,'check_own_contents':true}")
                .path("projects")
                .path(0);
        assertThat(found.path("id").stringValue()).isEqualTo(top);
        JsonNode active = found.path("stats").path("active");
        assertThat(active.path("total_tasks").asInt()).isEqualTo(2);
        assertThat(active.path("status_count").path("completed").asInt()).isEqualTo(1);
        assertThat(active.path("completed_tasks_24h").asInt()).isEqualTo(1);
        assertThat(found.path("stats").path("archived").path("total_tasks").asInt())
                .isEqualTo(1);
        assertThat(found.path("sub_projects").path(0).path("name").stringValue())
                .isEqualTo("stats/below");
        assertThat(found.path("own_tasks").asInt()).isEqualTo(1);
    }

    @Test
    void extendedListOfQueuesNamesTasksAndWorkers() {
        String queue = server.data("queues.get_default", "{}").path("id").stringValue();
        String task = server.newTask("");
        server.data("tasks.enqueue", "{'task':'" + task + "','queue':'" + queue + "'}");
        server.data("workers.register", "{'worker':'host:0','queues':['" + queue + "']}");
        JsonNode found = server.data("queues.get_all_ex", "{}").path("queues").path(0);
        assertThat(found.path("entries").path(0).path("task").path("name").stringValue())
                .isEqualTo("task");
        assertThat(found.path("workers").path(0).path("name").stringValue()).isEqualTo("host:0");
    }
}
