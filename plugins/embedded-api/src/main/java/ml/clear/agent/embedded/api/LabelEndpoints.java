// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.DocumentStore;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tags put on and taken off several objects, and objects made public and private. */
final class LabelEndpoints {

    private final Stores stores;

    private LabelEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        LabelEndpoints labels = new LabelEndpoints(stores);
        routes.add("tasks.update_tags", call -> labels.tag(call, stores.tasks(), Stores::task))
                .add("models.update_tags", call -> labels.tag(call, stores.models(), Stores::model));
        labels.ownership(routes, "tasks", stores.tasks(), Stores::task);
        labels.ownership(routes, "models", stores.models(), Stores::model);
        labels.ownership(routes, "projects", stores.projects(), Stores::project);
    }

    private interface Finder {
        ObjectNode find(Stores stores, Session session, String id);
    }

    private interface Change {
        void apply(ObjectNode document);
    }

    private void ownership(Routes routes, String service, DocumentStore store, Finder finder) {
        routes.add(
                        service + ".make_public",
                        call -> change(call, store, finder, document -> document.put("company", "")))
                .add(
                        service + ".make_private",
                        call -> change(call, store, finder, document -> document.put("company", Caller.COMPANY)));
    }

    private ObjectNode tag(Call call, DocumentStore store, Finder finder) {
        List<String> add = call.texts("add_tags");
        List<String> remove = call.texts("remove_tags");
        return change(call, store, finder, document -> {
            JsonNode tags = document.path("tags");
            for (String tag : remove) {
                tags = Names.without(tags, tag);
            }
            for (String tag : add) {
                tags = Names.with(tags, tag);
            }
            document.set("tags", tags);
        });
    }

    private ObjectNode change(Call call, DocumentStore store, Finder finder, Change change) {
        List<String> ids = call.requiredTexts("ids");
        return stores.database().write(session -> {
            for (String id : ids) {
                ObjectNode document = finder.find(stores, session, id);
                change.apply(document);
                document.put("last_update", stores.now());
                store.save(session, document);
            }
            return Json.object().put("updated", ids.size());
        });
    }
}
