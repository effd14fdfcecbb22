// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.SampleReader;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Slices;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Single pictures and figures, and steps from one to the next. The scroll id holds the present place, so that the server keeps
 * nothing between calls and new samples appear without a refresh.
 */
final class SampleEndpoints {

    private final Stores stores;
    private final EventOwners owners;

    private SampleEndpoints(Stores stores) {
        this.stores = stores;
        this.owners = new EventOwners(stores);
    }

    static void register(Routes routes, Stores stores) {
        SampleEndpoints samples = new SampleEndpoints(stores);
        add(routes, "events.get_debug_image_sample", 12, call -> samples.get(call, Event.IMAGE));
        add(routes, "events.next_debug_image_sample", 12, call -> samples.next(call, Event.IMAGE));
        add(routes, "events.get_plot_sample", 20, call -> samples.get(call, Event.PLOT));
        add(routes, "events.next_plot_sample", 20, call -> samples.next(call, Event.PLOT));
    }

    private static void add(Routes routes, String name, int since, Endpoint.Handler handler) {
        routes.add(new Endpoint(name, ApiVersion.of(2, since), Set.of(), handler));
    }

    /** Where a caller is, and whether it stays with the metric. */
    private record Cursor(String task, SampleReader.Place place, boolean sameMetric) {

        static Cursor parse(String text, String task) {
            try {
                JsonNode json = Json.parse(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.UTF_8)));
                SampleReader.Place place = new SampleReader.Place(
                        json.path(1).stringValue(),
                        json.path(2).stringValue(),
                        json.path(3).longValue());
                Cursor cursor = new Cursor(
                        json.path(0).stringValue(), place, json.path(4).booleanValue());
                if (cursor.task.equals(task)) {
                    return cursor;
                }
            } catch (IllegalArgumentException | JacksonException e) {
                throw unknown(text);
            }
            throw unknown(text);
        }

        private static Refusal unknown(String text) {
            return Refusal.bad(1104, "Invalid scroll id: scroll_id=" + text);
        }

        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Json.bytes(Json.array()
                            .add(task)
                            .add(place.metric())
                            .add(place.variant())
                            .add(place.iteration())
                            .add(sameMetric)));
        }
    }

    private ObjectNode get(Call call, String type) {
        String task = call.required("task");
        String metric = call.required("metric");
        String variant = type.equals(Event.PLOT) ? "" : call.required("variant");
        long iteration = call.whole("iteration", Long.MAX_VALUE);
        call.flag("refresh", false);
        boolean sameMetric = call.flag("navigate_current_metric", true);
        String scroll = call.text("scroll_id", "");
        if (!scroll.isEmpty()) {
            Cursor.parse(scroll, task);
        }
        SampleReader.Place wanted = new SampleReader.Place(metric, variant, iteration);
        SampleReader reader = new SampleReader(task, type);
        return stores.database().read(session -> {
            owners.require(session, call, task);
            Optional<SampleReader.Place> found = reader.last(session, wanted);
            Cursor cursor = new Cursor(task, found.orElse(wanted), sameMetric);
            return answer(session, reader, type, cursor, found.isPresent());
        });
    }

    private ObjectNode next(Call call, String type) {
        String task = call.required("task");
        Cursor cursor = Cursor.parse(call.required("scroll_id"), task);
        SampleReader.Step step = new SampleReader.Step(
                call.flag("navigate_earlier", false), call.flag("next_iteration", false), cursor.sameMetric());
        SampleReader reader = new SampleReader(task, type);
        return stores.database().read(session -> {
            owners.require(session, call, task);
            return reader.next(session, cursor.place(), step)
                    .map(place -> answer(session, reader, type, new Cursor(task, place, step.sameMetric()), true))
                    .orElseGet(() -> empty(type).put("scroll_id", cursor.text()));
        });
    }

    private static ObjectNode empty(String type) {
        ObjectNode answer = Json.object();
        if (type.equals(Event.PLOT)) {
            answer.putArray("events");
        }
        return answer;
    }

    private ObjectNode answer(Session session, SampleReader reader, String type, Cursor cursor, boolean found) {
        ObjectNode answer = empty(type).put("scroll_id", cursor.text());
        reader.extent(session, cursor.place())
                .ifPresent(
                        extent -> answer.put("min_iteration", extent.least()).put("max_iteration", extent.greatest()));
        if (found) {
            if (type.equals(Event.PLOT)) {
                List<Long> rows = reader.rows(session, cursor.place());
                answer.set("events", Json.list(Slices.events(stores.database(), cursor.task(), type, rows)));
            } else {
                reader.newest(session, cursor.place()).ifPresent(event -> answer.set("event", event));
            }
        }
        return answer;
    }
}
