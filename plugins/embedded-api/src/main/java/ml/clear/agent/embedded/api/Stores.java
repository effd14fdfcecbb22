// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.InstantSource;
import java.util.UUID;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.Documents;
import ml.clear.agent.embedded.store.EventWriter;
import ml.clear.agent.embedded.store.QueueEntries;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.TaskDocuments;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/** Everything that is kept, and the time. */
record Stores(
        Database database,
        TaskDocuments tasks,
        Documents projects,
        Documents queues,
        QueueEntries entries,
        Documents models,
        Documents workers,
        EventWriter events,
        InstantSource clock) {

    static Stores in(Database database, InstantSource clock) {
        return new Stores(
                database,
                TaskDocuments.plain(),
                Documents.projects(),
                Documents.queues(),
                new QueueEntries(),
                Documents.models(),
                Documents.workers(),
                new EventWriter(),
                clock);
    }

    String now() {
        return Timestamps.text(clock.instant());
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The task, or 400/101. */
    ObjectNode task(Session session, String id) {
        return tasks.find(session, id).orElseThrow(() -> unknownTask(id));
    }

    /** The project, or 400/401. */
    ObjectNode project(Session session, String id) {
        return projects.find(session, id).orElseThrow(() -> unknownProject(id));
    }

    /** The queue, or 400/701. */
    ObjectNode queue(Session session, String id) {
        return queues.find(session, id)
                .orElseThrow(() -> Refusal.bad(701, "Invalid queue id: id=" + id + ", company=" + Caller.COMPANY));
    }

    /** The model, or 400/201. */
    ObjectNode model(Session session, String id) {
        return models.find(session, id)
                .orElseThrow(() -> Refusal.bad(201, "Invalid model id: id=" + id + ", company=" + Caller.COMPANY));
    }

    static Refusal unknownTask(String id) {
        return Refusal.bad(101, "Invalid task id: id=" + id + ", company=" + Caller.COMPANY);
    }

    static Refusal unknownProject(String id) {
        return Refusal.bad(401, "Invalid project id: id=" + id + ", company=" + Caller.COMPANY);
    }
}
