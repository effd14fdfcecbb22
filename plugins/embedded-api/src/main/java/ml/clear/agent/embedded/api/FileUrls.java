// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where the files are that a task leaves behind when it is reset or deleted. The caller removes them if it wants. */
final class FileUrls {

    private final boolean wanted;
    private final Set<String> models = new LinkedHashSet<>();
    private final Set<String> events = new LinkedHashSet<>();
    private final Set<String> artifacts = new LinkedHashSet<>();

    /** Looks for the task's pictures and the artifacts that it made, when the caller asks for them; before they go. */
    FileUrls(Call call, Session session, ObjectNode task) {
        wanted = call.flag("return_file_urls", false);
        if (!wanted) {
            return;
        }
        for (JsonNode artifact : task.path("execution").path("artifacts")) {
            if (!artifact.path("mode").asString("output").equals("input")) {
                add(artifacts, artifact);
            }
        }
        session.each(
                """
                SELECT DISTINCT json_extract(event.doc, '$.url') FROM series JOIN event ON event.series = series.no
                WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND type = ?""",
                row -> {
                    String url = row.getString(1);
                    if (url != null && !url.isEmpty()) {
                        events.add(url);
                    }
                    return true;
                },
                task.path("id").stringValue(),
                Event.IMAGE);
    }

    /** A model that is deleted with the task. */
    void addModel(ObjectNode model) {
        add(models, model);
    }

    private static void add(Set<String> urls, JsonNode document) {
        String url = document.path("uri").asString("");
        if (!url.isEmpty()) {
            urls.add(url);
        }
    }

    void addTo(ObjectNode answer) {
        if (wanted) {
            ObjectNode urls = answer.putObject("urls");
            urls.set("model_urls", Names.list(List.copyOf(models)));
            urls.set("event_urls", Names.list(List.copyOf(events)));
            urls.set("artifact_urls", Names.list(List.copyOf(artifacts)));
        }
    }
}
