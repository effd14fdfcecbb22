// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Tasks that are a script for bash, which need no environment. */
final class BashTask {

    private BashTask() {}

    /** Makes one; its id. */
    static String create(ServerClient server, String name, String script) {
        Map<String, String> parts =
                Map.of("binary", "/bin/bash", "entry_point", "task.sh", "working_dir", ".", "diff", script);
        return server.call("tasks.create", Map.of("name", name, "type", "testing", "script", parts))
                .get("id")
                .asString();
    }

    /** Makes one and puts it into a queue, which is made where it is missing; its id. */
    static String enqueue(ServerClient server, String queue, String name, String script) {
        String task = create(server, name, script);
        server.call("tasks.enqueue", Map.of("task", task, "queue_name", queue));
        return task;
    }

    /** Waits until it is over; the task then. */
    static JsonNode awaitEnd(ServerClient server, String task) throws Exception {
        Eventually.holds(
                "task " + task + " is over",
                () -> !List.of("queued", "in_progress")
                        .contains(server.task(task).get("status").asString()));
        return server.task(task);
    }
}
