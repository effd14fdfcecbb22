// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files that tasks leave behind when they are reset or deleted. The caller may ask for their addresses, or for
 * their deletion if they are on this server.
 */
final class FileUrls {

    private final Call call;
    private final boolean listed;
    private final boolean deleted;
    private final Set<String> models = new LinkedHashSet<>();
    private final Set<String> events = new LinkedHashSet<>();
    private final Set<String> artifacts = new LinkedHashSet<>();

    FileUrls(Call call) {
        this.call = call;
        listed = call.flag("return_file_urls", false);
        // The open server deletes files only where its own configuration says so. Irreversible actions are done only
        // on request.
        deleted = call.flag("delete_external_artifacts", false);
    }

    /** Look for a task's pictures and the artifacts that it made, before they go. */
    void addTask(Session session, ObjectNode task) {
        if (!listed && !deleted) {
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

    /** A model that is deleted with its task. */
    void addModel(ObjectNode model) {
        add(models, model);
    }

    private static void add(Set<String> urls, JsonNode document) {
        String url = document.path("uri").asString("");
        if (!url.isEmpty()) {
            urls.add(url);
        }
    }

    /** Delete and list as asked for, when the transaction that removed the tasks is done. */
    ObjectNode finish(OwnFiles files, ObjectNode answer) {
        if (deleted) {
            for (Set<String> urls : List.of(models, events, artifacts)) {
                urls.removeIf(url -> files.delete(url, call.origin()));
            }
        }
        if (listed) {
            ObjectNode urls = answer.putObject("urls");
            urls.set("model_urls", Names.list(List.copyOf(models)));
            urls.set("event_urls", Names.list(List.copyOf(events)));
            urls.set("artifact_urls", Names.list(List.copyOf(artifacts)));
        }
        return answer;
    }
}
