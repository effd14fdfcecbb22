// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ObjectNode;

/** Removes tasks with their dependent documents. For the writer's thread. */
final class TaskRemoval {

    private static final String DELETED = "__DELETED__";

    private final Stores stores;

    TaskRemoval(Stores stores) {
        this.stores = stores;
    }

    /** How many other documents a removal has changed or removed. */
    record Effect(int children, int models, int deletedModels) {}

    /** Remove a task; its children and models keep its id with a mark. */
    Effect remove(Session session, ObjectNode task, boolean drafts, FileUrls urls) {
        String id = task.path("id").stringValue();
        stores.entries().removeElsewhere(session, "", id);
        urls.addTask(session, task);
        stores.events().deleteAll(session, id);
        int deleted = drafts ? deleteDrafts(session, task, urls) : 0;
        int children = stores.tasks().put(session, "parent", DELETED + id, Subset.of("parent", id));
        int left = stores.models().put(session, "task", DELETED + id, Subset.of("task", id));
        stores.tasks().delete(session, id);
        return new Effect(children, left, deleted);
    }

    /** Delete the models that a task made, that are not ready, and that no other task uses. */
    int deleteDrafts(Session session, ObjectNode task, FileUrls urls) {
        String id = task.path("id").stringValue();
        int deleted = 0;
        for (String modelId : stores.models().ids(session, Subset.of("task", id))) {
            ObjectNode model = stores.model(session, modelId);
            if (!model.path("ready").asBoolean(true) && !usedByOthers(session, modelId, id)) {
                urls.addModel(model);
                stores.models().delete(session, modelId);
                stores.events().deleteAll(session, modelId);
                deleted++;
            }
        }
        return deleted;
    }

    private static boolean usedByOthers(Session session, String model, String task) {
        return session.number("SELECT count(*) FROM task WHERE id <> ? AND instr(doc, ?) > 0", task, model) > 0;
    }
}
