// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.MediaReader;
import ml.clear.agent.embedded.store.MetricSelection;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Slices;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Returns figures and images. */
final class EventMediaEndpoints {

    private static final int MOST = 10_000;
    private static final String METRICS = "metrics";

    private final Stores stores;
    private final EventOwners owners;
    private final MediaReader media = new MediaReader();

    private EventMediaEndpoints(Stores stores) {
        this.stores = stores;
        this.owners = new EventOwners(stores);
    }

    static void register(Routes routes, Stores stores) {
        EventMediaEndpoints events = new EventMediaEndpoints(stores);
        routes.add("events.get_task_plots", events::plots)
                .add("events.get_multi_task_plots", events::plotsOfMany)
                .add("events.plots", call -> events.pages(call, Event.PLOT))
                .add(new Endpoint(
                        "events.debug_images", ApiVersion.of(2, 7), Set.of(), call -> events.pages(call, Event.IMAGE)));
    }

    private ObjectNode plots(Call call) {
        String task = call.required("task");
        int iterations = Math.clamp(call.whole("iters", 1), 1, MOST);
        MetricSelection metrics = call.metrics(METRICS);
        return stores.database().read(session -> {
            owners.require(session, call, task);
            List<Long> plots = media.plots(session, task, metrics, iterations).stream()
                    .map(MediaReader.Figure::row)
                    .toList();
            ObjectNode answer = Json.object();
            answer.set("plots", Json.list(Slices.events(stores.database(), task, Event.PLOT, plots)));
            return answer.put("returned", plots.size())
                    .put("total", plots.size())
                    .putNull("scroll_id");
        });
    }

    private ObjectNode plotsOfMany(Call call) {
        List<String> tasks = call.requiredTexts("tasks");
        int iterations = Math.clamp(call.whole("iters", 1), 1, MOST);
        MetricSelection metrics = call.metrics(METRICS);
        return stores.database().read(session -> {
            ObjectNode answer = Json.object();
            ObjectNode plots = answer.putObject("plots");
            int returned = 0;
            for (String task : tasks) {
                String name = owners.name(session, call, task);
                Map<List<String>, List<MediaReader.Figure>> figures =
                        media.plots(session, task, metrics, iterations).stream()
                                .collect(Collectors.groupingBy(
                                        figure -> List.of(
                                                figure.metric(), figure.variant(), String.valueOf(figure.iteration())),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
                for (Map.Entry<List<String>, List<MediaReader.Figure>> place : figures.entrySet()) {
                    List<String> path = place.getKey();
                    List<Long> rows = place.getValue().stream()
                            .map(MediaReader.Figure::row)
                            .toList();
                    ObjectNode variant = Json.objectIn(Json.objectIn(plots, path.get(0)), path.get(1));
                    Json.objectIn(variant, task)
                            .putObject(path.get(2))
                            .put("name", name)
                            .set("plots", Json.list(Slices.events(stores.database(), task, Event.PLOT, rows)));
                    returned += rows.size();
                }
            }
            return answer.put("returned", returned).put("total", returned).putNull("scroll_id");
        });
    }

    /** The iterations that a caller has seen: it goes on below the least or above the greatest. */
    private record Seen(long least, long greatest) {

        private static final Pattern FORM = Pattern.compile("(-?\\d{1,18})_(-?\\d{1,18})");
        private static final Seen NOTHING = new Seen(Long.MAX_VALUE, Long.MIN_VALUE);

        static Seen of(String scroll) {
            Matcher matcher = FORM.matcher(scroll);
            if (scroll.isEmpty()) {
                return NOTHING;
            }
            if (!matcher.matches()) {
                throw Refusal.bad(1104, "Invalid scroll id: scroll_id=" + scroll);
            }
            return new Seen(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }

        Seen with(NavigableMap<Long, ArrayNode> page) {
            return page.isEmpty()
                    ? this
                    : new Seen(Math.min(least, page.lastKey()), Math.max(greatest, page.firstKey()));
        }

        OptionalLong beyond(boolean earlier) {
            return equals(NOTHING) ? OptionalLong.empty() : OptionalLong.of(earlier ? least : greatest);
        }

        String text() {
            return equals(NOTHING) ? "" : least + "_" + greatest;
        }
    }

    private ObjectNode pages(Call call, String type) {
        List<ObjectNode> wanted = call.objects(METRICS);
        if (wanted.isEmpty()) {
            throw Refusal.invalid("missing field '" + METRICS + "'");
        }
        int iterations = Math.clamp(call.whole("iters", 1), 1, MOST);
        boolean earlier = call.flag("navigate_earlier", true);
        String scroll = call.text("scroll_id", "");
        Seen before = call.flag("refresh", false) ? Seen.NOTHING : Seen.of(scroll);
        ObjectNode answer = Json.object();
        ArrayNode metrics = answer.putArray(METRICS);
        Seen after = stores.database().read(session -> {
            // The content of this page; the next page starts after it.
            Seen page = Seen.NOTHING;
            for (ObjectNode metric : wanted) {
                MediaReader.Page asked =
                        new MediaReader.Page(type, series(metric), iterations, earlier, before.beyond(earlier));
                page = page.with(add(session, call, metric.path("task").asString(""), asked, metrics));
            }
            return page.equals(Seen.NOTHING) ? before : page;
        });
        return answer.put("scroll_id", after.text());
    }

    private NavigableMap<Long, ArrayNode> add(
            Session session, Call call, String owner, MediaReader.Page page, ArrayNode metrics) {
        if (call.has(EventOwners.MODEL_EVENTS)) {
            owners.require(session, call, owner);
        } else if (!stores.tasks().exists(session, owner)
                && stores.models().find(session, owner).isEmpty()) {
            throw Stores.unknownTask(owner);
        }
        NavigableMap<Long, ArrayNode> found = media.page(session, owner, page);
        ArrayNode list = metrics.addObject().put("task", owner).putArray("iterations");
        found.forEach(
                (iteration, events) -> list.addObject().put("iter", iteration).set("events", events));
        return found;
    }

    private static MetricSelection series(ObjectNode wanted) {
        String metric = wanted.path("metric").asString("");
        Set<String> variants = wanted.path("variants")
                .valueStream()
                .map(variant -> variant.asString(""))
                .collect(Collectors.toSet());
        return metric.isEmpty() ? MetricSelection.ALL : new MetricSelection(Map.of(metric, variants));
    }
}
