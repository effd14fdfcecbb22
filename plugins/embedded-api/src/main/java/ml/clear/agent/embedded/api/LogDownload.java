// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.LogReader;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Slices;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The whole console of a task as a text, one event a line. */
final class LogDownload {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w*)}");
    private static final Set<String> FIELDS = Set.of("asctime", "timestamp", "level", "worker", "msg");

    private final Stores stores;

    private LogDownload(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        routes.add(new Endpoint(
                "events.download_task_log",
                ApiVersion.FIRST,
                Set.of(Endpoint.Trait.TEXT),
                new LogDownload(stores)::download));
    }

    private ObjectNode download(Call call) {
        String task = call.required("task");
        String type = call.text("line_type", "json");
        String format = call.text("line_format", "{asctime} {worker} {level} {msg}");
        if (!Set.of("json", "text").contains(type)) {
            throw Refusal.invalid("'line_type' must be json or text");
        }
        Matcher placeholders = PLACEHOLDER.matcher(format);
        while (placeholders.find()) {
            if (!FIELDS.contains(placeholders.group(1))) {
                throw Refusal.bad(16, "Bad value: undefined placeholder in line_format: " + placeholders.group(1));
            }
        }
        List<Long> rows = stores.database().read(session -> {
            stores.task(session, task);
            return new LogReader().rows(session, task);
        });
        Slices<Long> events = Slices.events(stores.database(), task, Event.LOG, rows);
        boolean json = type.equals("json");
        Iterable<JsonNode> lines = () -> lines(events.iterator(), json, format);
        return Json.object().set("lines", Json.list(lines));
    }

    private static Iterator<JsonNode> lines(Iterator<JsonNode> events, boolean json, String format) {
        Iterable<JsonNode> all = () -> events;
        return StreamSupport.stream(all.spliterator(), false)
                .map(event -> line((ObjectNode) event))
                .map(line -> json ? (JsonNode) line : StringNode.valueOf(text(line, format)))
                .iterator();
    }

    private static ObjectNode line(ObjectNode event) {
        return Json.object()
                .put("asctime", Timestamps.zulu(event.path("timestamp").asLong()))
                .put("level", event.path("level").asString(""))
                .put("worker", event.path("worker").asString(""))
                .put("msg", event.path("msg").asString(""));
    }

    private static String text(ObjectNode line, String format) {
        return PLACEHOLDER
                .matcher(format.strip())
                .replaceAll(found -> Matcher.quoteReplacement(
                        line.path(found.group(1).equals("timestamp") ? "asctime" : found.group(1))
                                .asString("")));
    }
}
