// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Optional;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.TaskDocuments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code get_all_ex} calls show what a document refers to as an object: its id, and its name on demand. */
final class References {

    private final Stores stores;
    private final Session session;
    private final String fields;

    References(Stores stores, Session session, ObjectNode request) {
        this.stores = stores;
        this.session = session;
        this.fields = Json.text(request.path("only_fields"));
    }

    /** Replace the ids in the answer by objects. */
    void expand(ObjectNode answer, ObjectNode document) {
        answer.set("id", document.path("id"));
        expand(answer, document, "company", Optional.of(Caller.COMPANY_NAME));
        expand(answer, document, "user", Optional.of(Caller.USER_NAME));
        Optional<String> project = fields.contains("\"project.name\"")
                ? stores.projects()
                        .find(session, document.path("project").asString(""))
                        .map(found -> found.path("name").asString(""))
                : Optional.empty();
        expand(answer, document, "project", project);
        if (fields.contains("\"task.")) {
            expand(
                    answer,
                    document,
                    "task",
                    TaskDocuments.name(session, document.path("task").asString("")));
        }
    }

    private void expand(ObjectNode answer, ObjectNode document, String member, Optional<String> name) {
        JsonNode id = document.path(member);
        if (!id.isString() || (!answer.has(member) && !fields.contains("\"" + member + "."))) {
            return;
        }
        ObjectNode reference = answer.putObject(member);
        reference.set("id", id);
        if (fields.contains("\"" + member + ".name\"")) {
            name.ifPresent(text -> reference.put("name", text));
        }
    }
}
