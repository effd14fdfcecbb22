// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.MetricSelection;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.ScalarReader;
import ml.clear.agent.embedded.store.SeriesReader;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The metrics of tasks, with their curves and numbers. */
final class MetricEndpoints {

    private static final int MOST_SAMPLES = 10_000;
    private static final int MOST_RAW = 200_000;
    private static final Pattern SCROLL = Pattern.compile("(-?\\d{1,18})_(-?\\d{1,18})");

    private final Stores stores;
    private final EventOwners owners;
    private final ScalarReader scalars = new ScalarReader();

    private MetricEndpoints(Stores stores) {
        this.stores = stores;
        this.owners = new EventOwners(stores);
    }

    static void register(Routes routes, Stores stores) {
        MetricEndpoints metrics = new MetricEndpoints(stores);
        routes.add("events.scalar_metrics_iter_histogram", metrics::curves)
                .add("events.multi_task_scalar_metrics_iter_histogram", metrics::curvesOfMany)
                .add("events.scalar_metrics_iter_raw", metrics::raw)
                .add("events.get_scalar_metrics_and_variants", call -> metrics.variants(call, Event.SCALAR))
                .add("events.get_vector_metrics_and_variants", call -> metrics.variants(call, Event.VECTOR))
                .add("events.get_task_latest_scalar_values", metrics::latest)
                .add("events.get_task_metrics", metrics::ofEach)
                .add("events.get_multi_task_metrics", metrics::ofAll)
                .add("events.get_task_single_value_metrics", metrics::singleValues);
    }

    private static ScalarReader.Axis axis(Call call) {
        String key = call.text("key", "iter");
        if (!Set.of("iter", "timestamp", "iso_time").contains(key)) {
            throw Refusal.invalid("'key' must be iter, timestamp or iso_time");
        }
        return ScalarReader.Axis.valueOf(key.toUpperCase(Locale.ROOT));
    }

    private static int samples(Call call) {
        return Math.clamp(call.whole("samples", MOST_SAMPLES), 1, MOST_SAMPLES);
    }

    private ObjectNode curves(Call call) {
        String task = call.required("task");
        ScalarReader.Request request =
                new ScalarReader.Request(task, axis(call), samples(call), call.metrics("metrics"));
        return stores.database().read(session -> {
            owners.require(session, call, task);
            return scalars.curves(stores.database(), session, request);
        });
    }

    private ObjectNode curvesOfMany(Call call) {
        List<String> tasks = call.requiredTexts("tasks");
        ScalarReader.Axis axis = axis(call);
        int samples = samples(call);
        MetricSelection metrics = call.metrics("metrics");
        return stores.database().read(session -> {
            ObjectNode curves = Json.object();
            for (String task : tasks) {
                scalars.each(
                        stores.database(),
                        session,
                        new ScalarReader.Request(task, axis, samples, metrics),
                        owners.name(session, call, task),
                        (metric, variant, curve) -> Json.objectIn(Json.objectIn(curves, metric), variant)
                                .set(task, curve));
            }
            return curves;
        });
    }

    private ObjectNode raw(Call call) {
        String task = call.required("task");
        String key = call.text("key", "iter");
        ScalarReader.Axis axis = axis(call);
        ObjectNode metric = call.object("metric").orElseThrow(() -> Refusal.invalid("missing field 'metric'"));
        MetricSelection metrics = call.with(
                        Json.object().set("metrics", Json.array().add(metric)))
                .metrics("metrics");
        int size = Math.clamp(call.whole("batch_size", MOST_SAMPLES), 1, MOST_RAW);
        boolean counted = call.flag("count_total", false);
        String scroll = call.text("scroll_id", "");
        Matcher matcher = SCROLL.matcher(scroll);
        if (!scroll.isEmpty() && !matcher.matches()) {
            throw Refusal.bad(1104, "Invalid scroll id: scroll_id=" + scroll);
        }
        OptionalLong beyond =
                scroll.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(matcher.group(1)));
        return stores.database().read(session -> {
            owners.require(session, call, task);
            SeriesReader.Numbers found =
                    SeriesReader.raw(session, new SeriesReader.Page(task, axis, metrics, size, beyond), key);
            // The total is counted once and travels with the scroll.
            long total = !scroll.isEmpty()
                    ? Long.parseLong(matcher.group(2))
                    : counted ? SeriesReader.count(session, task, metrics) : -1;
            ObjectNode answer = Json.object().put("returned", found.returned());
            answer.set("variants", found.variants());
            if (total >= 0) {
                answer.put("total", total);
            }
            return answer.put("scroll_id", found.end().orElse(beyond.orElse(0)) + "_" + total);
        });
    }

    private ObjectNode variants(Call call, String type) {
        String task = call.required("task");
        return stores.database().read(session -> {
            owners.require(session, call, task);
            ObjectNode answer = Json.object();
            ObjectNode metrics = answer.putObject("metrics");
            SeriesReader.variants(session, task, type)
                    .forEach((metric, variants) -> metrics.set(metric, Names.list(variants)));
            return answer;
        });
    }

    private ObjectNode latest(Call call) {
        String id = call.required("task");
        return stores.database().read(session -> {
            ObjectNode task = stores.task(session, id);
            ObjectNode answer = Json.object();
            answer.set("metrics", SeriesReader.latest(session, id));
            answer.put("last_iter", task.path("last_iteration").asLong(0));
            answer.set("name", task.path("name"));
            answer.set("status", task.path("status"));
            return answer;
        });
    }

    private static String type(Call call) {
        String type = call.text("event_type", "");
        if (!Set.of("", Event.LOG, Event.SCALAR, Event.VECTOR, Event.IMAGE, Event.PLOT)
                .contains(type)) {
            throw Refusal.invalid("'event_type' is no type of event: '" + type + "'");
        }
        return type;
    }

    private ObjectNode ofEach(Call call) {
        List<String> tasks = call.requiredTexts("tasks");
        String type = type(call);
        return stores.database().read(session -> {
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("metrics");
            for (String task : tasks) {
                owners.require(session, call, task);
                list.addObject()
                        .put("task", task)
                        .set(
                                "metrics",
                                Names.list(List.copyOf(SeriesReader.variants(session, task, type)
                                        .keySet())));
            }
            return answer;
        });
    }

    private ObjectNode ofAll(Call call) {
        List<String> tasks = call.requiredTexts("tasks");
        String type = type(call);
        return stores.database().read(session -> {
            Map<String, Set<String>> all = new TreeMap<>();
            for (String task : tasks) {
                owners.require(session, call, task);
                SeriesReader.variants(session, task, type)
                        .forEach((metric, variants) -> all.computeIfAbsent(metric, name -> new TreeSet<>())
                                .addAll(variants));
            }
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("metrics");
            all.forEach((metric, variants) ->
                    list.addObject().put("metric", metric).set("variants", Names.list(List.copyOf(variants))));
            return answer;
        });
    }

    private ObjectNode singleValues(Call call) {
        List<String> ids = call.requiredTexts("tasks");
        MetricSelection metrics = call.metrics("metrics");
        ObjectNode answer = Json.object();
        ArrayNode tasks = answer.putArray("tasks");
        stores.database().read(session -> {
            for (String id : ids) {
                String name = owners.name(session, call, id);
                ArrayNode values = scalars.singleValues(session, id, metrics);
                if (!values.isEmpty()) {
                    tasks.addObject().put("task", id).put("task_name", name).set("values", values);
                }
            }
            return tasks;
        });
        return answer;
    }
}
