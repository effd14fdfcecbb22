// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** A task's console as the server has it, however long: read page by page, and every event checked on the way. */
record TaskConsole(ServerClient server, String task) {

    private static final int PAGE = 100;

    /** Each line, in order; the times of the events are found to increase strictly. */
    void forEachLine(Consumer<String> lines) {
        forEachMessage(message -> message.lines().forEach(lines));
    }

    /** The text of each event, in order; their times are found to increase strictly. */
    void forEachMessage(Consumer<String> messages) {
        long last = 0;
        long read = 0;
        long total = 1;
        while (read < total) {
            Map<String, Object> request = new HashMap<>(Map.of("task", task, "batch_size", PAGE, "order", "asc"));
            request.put("navigate_earlier", false);
            if (last > 0) {
                request.put("from_timestamp", last);
            }
            JsonNode page = server.call("events.get_task_log", request);
            total = page.get("total").asLong();
            assertThat(total == 0 || !page.get("events").isEmpty())
                    .as("events after " + last + " of " + total)
                    .isTrue();
            for (JsonNode event : page.get("events")) {
                assertThat(event.get("timestamp").asLong())
                        .as("time of event " + read)
                        .isGreaterThan(last);
                last = event.get("timestamp").asLong();
                read++;
                messages.accept(event.get("msg").asString());
            }
        }
    }
}
