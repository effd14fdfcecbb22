// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import ml.clear.agent.embedded.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Work on many documents, and what is done when nothing is to be done. */
class BulkTest {

    /** More than one slice. */
    private static final int MANY = 250;

    private TestServer server;

    @BeforeEach
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String project(String name) {
        return server.data("projects.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
    }

    private String fill(String project) {
        String last = "";
        for (int i = 0; i < MANY; i++) {
            last = server.newTask(",'project':'" + project + "','script':{'diff':'" + "d".repeat(2000) + "'}");
        }
        server.lines("{'type':'log','task':'" + last + "','msg':'gone'}\n");
        server.data("models.create", "{'name':'model','uri':'file:///m','project':'" + project + "','ready':false}");
        return last;
    }

    private long rows(String table) {
        return server.stores().database().read(session -> session.number("SELECT count(*) FROM " + table));
    }

    @Test
    void projectIsDeletedWithItsContentsTheirTextsAndEvents() {
        String project = project("deleted");
        fill(project);
        long textsBefore = rows("long_text");
        assertThat(textsBefore).isEqualTo(MANY);
        JsonNode answer =
                server.data("projects.delete", "{'project':'" + project + "','force':true,'delete_contents':true}");
        assertThat(answer.path("deleted_tasks").asInt()).isEqualTo(MANY);
        assertThat(answer.path("deleted_models").asInt()).isEqualTo(1);
        new EventHousekeeping(server.stores(), Retention.EVERYTHING, () -> true).removeAbandoned();
        for (String table : new String[] {"task", "task_live", "model", "long_text", "log", "event_owner"}) {
            assertThat(rows(table)).as(table).isZero();
        }
    }

    @Test
    void projectIsDeletedAndItsContentsStay() {
        String project = project("dissolved");
        String task = fill(project);
        JsonNode answer = server.data("projects.delete", "{'project':'" + project + "','force':true}");
        assertThat(answer.path("disassociated_tasks").asInt()).isEqualTo(MANY);
        assertThat(server.task(task).has("project")).isFalse();
        assertThat(server.task(task).path("script").path("diff").stringValue()).hasSize(2000);
    }

    @Test
    void projectsAreMergedInSlices() {
        String from = project("from");
        String into = project("into");
        String task = fill(from);
        JsonNode answer =
                server.data("projects.merge", "{'project':'" + from + "','destination_project':'" + into + "'}");
        assertThat(answer.path("moved_entities").asInt()).isEqualTo(MANY + 1);
        assertThat(server.task(task).path("project").stringValue()).isEqualTo(into);
        assertThat(server.task(task).path("script").path("diff").stringValue()).hasSize(2000);
    }

    @Test
    void idleServerCommitsNothing() {
        server.newTask("");
        Stores stores = server.stores();
        Workers workers = new Workers(stores, server.clock);
        EventHousekeeping events = new EventHousekeeping(stores, new Retention(Duration.ofDays(30), 1000), () -> true);
        // One connection, as the version counts what other connections have committed.
        long changed = stores.database().read(session -> {
            long before = session.number("PRAGMA data_version");
            server.watchdog.look();
            workers.sweep();
            events.removeAbandoned();
            events.removeSurplus();
            events.releaseSpace();
            new HistoryHousekeeping(stores).look();
            return session.number("PRAGMA data_version") - before;
        });
        assertThat(changed).isZero();
        long counted = stores.database().read(session -> {
            long before = session.number("PRAGMA data_version");
            server.newTask("");
            return session.number("PRAGMA data_version") - before;
        });
        assertThat(counted).isPositive();
    }
}
