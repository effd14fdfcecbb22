// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Summary;
import ml.clear.agent.embedded.store.WorkerHistory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The history of workers as charts. */
final class HistoryEndpoints {

    private static final Map<String, ToDoubleFunction<Summary>> AGGREGATIONS =
            Map.of("avg", Summary::mean, "min", Summary::least, "max", Summary::greatest);

    private final Stores stores;
    private final WorkerHistory history = new WorkerHistory();

    private HistoryEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        HistoryEndpoints endpoints = new HistoryEndpoints(stores);
        add(routes, "workers.get_stats", endpoints::statistics);
        add(routes, "workers.get_metric_keys", endpoints::metrics);
        add(routes, "workers.get_activity_report", endpoints::activity);
    }

    private static void add(Routes routes, String name, Endpoint.Handler handler) {
        routes.add(new Endpoint(name, ApiVersion.of(2, 4), Set.of(), handler));
    }

    private long now() {
        return stores.clock().instant().getEpochSecond();
    }

    private WorkerHistory.Range range(Call call, Set<String> workers) {
        Period period = Period.of(call);
        return new WorkerHistory.Range(period.from(), period.to(), period.interval(), workers).effective(now());
    }

    /** A requested curve. */
    private record Item(String metric, String aggregation, ToDoubleFunction<Summary> value) {

        static Item of(ObjectNode item) {
            String aggregation = item.path("category").asString("avg");
            ToDoubleFunction<Summary> value = AGGREGATIONS.get(aggregation);
            if (value == null) {
                throw Refusal.invalid("'category' must be avg, min or max");
            }
            return new Item(item.path("key").asString(""), aggregation, value);
        }
    }

    private ObjectNode statistics(Call call) {
        List<Item> items = call.objects("items").stream().map(Item::of).toList();
        if (items.isEmpty()) {
            throw Refusal.invalid("missing field 'items'");
        }
        WorkerHistory.Range range = range(call, Set.copyOf(call.texts("worker_ids")));
        boolean split = call.flag("split_by_resource", false);
        Map<String, List<Item>> byMetric = items.stream().distinct().collect(Collectors.groupingBy(Item::metric));
        ObjectNode answer = Json.object();
        ArrayNode workers = answer.putArray("workers");
        stores.database()
                .read(session -> history.curves(session, range, List.copyOf(byMetric.keySet()), now()))
                .forEach((worker, curves) -> {
                    ArrayNode metrics =
                            workers.addObject().put("worker", worker).putArray("metrics");
                    curves.forEach((metric, curve) -> {
                        ArrayNode stats =
                                metrics.addObject().put("metric", metric).putArray("stats");
                        byMetric.getOrDefault(metric, List.of())
                                .forEach(item -> write(
                                        stats.addObject(), item, range, curve, split && metric.startsWith("gpu_")));
                    });
                });
        return answer;
    }

    /** Points without reports are 0; the last point is left out as long as it is not over. */
    private static void write(
            ObjectNode target, Item item, WorkerHistory.Range range, WorkerHistory.Curve curve, boolean split) {
        target.put("aggregation", item.aggregation());
        ArrayNode dates = target.putArray("dates");
        points(range).forEach(point -> dates.add(point * 1000));
        target.set("values", values(range, item, curve.whole()));
        ArrayNode resources = target.putArray("resource_series");
        if (split && curve.parts().size() > 1) {
            curve.parts()
                    .forEach((part, numbers) ->
                            resources.addObject().put("name", part).set("values", values(range, item, numbers)));
        }
    }

    private static List<Long> points(WorkerHistory.Range range) {
        double incomplete = range.to() - 0.9 * range.interval();
        return LongStream.iterate(
                        range.point(range.from()), point -> point < incomplete, point -> point + range.interval())
                .boxed()
                .toList();
    }

    private static ArrayNode values(WorkerHistory.Range range, Item item, Map<Long, Summary> numbers) {
        ArrayNode values = Json.array();
        points(range).forEach(point -> {
            Summary summary = numbers.get(point);
            values.add(summary == null ? 0 : item.value().applyAsDouble(summary));
        });
        return values;
    }

    private ObjectNode metrics(Call call) {
        Set<String> workers = Set.copyOf(call.texts("worker_ids"));
        Map<String, Set<String>> categories =
                stores.database().read(session -> history.metrics(session, workers, now()));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("categories");
        categories.forEach(
                (name, keys) -> list.addObject().put("name", name).set("metric_keys", Names.list(List.copyOf(keys))));
        return answer;
    }

    private ObjectNode activity(Call call) {
        WorkerHistory.Range range = range(call, Set.of());
        ObjectNode answer = Json.object();
        stores.database().read(session -> {
            for (boolean busyOnly : List.of(false, true)) {
                Map<Long, Integer> counts = new HashMap<>(history.activity(session, range, busyOnly, now()));
                ObjectNode series = answer.putObject(busyOnly ? "active" : "total");
                ArrayNode dates = series.putArray("dates");
                ArrayNode values = series.putArray("counts");
                points(range).forEach(point -> {
                    dates.add(point * 1000);
                    values.add(counts.getOrDefault(point, 0));
                });
            }
            return answer;
        });
        return answer;
    }

    /** The time and the distance of points that a chart asks for, in seconds. */
    record Period(long from, long to, long interval) {

        private static final long LAST = Duration.ofDays(366L * 1000).toSeconds();

        static Period of(Call call) {
            long from = time(call, "from_date");
            long to = time(call, "to_date");
            if (!call.has("interval")) {
                throw Refusal.invalid("missing field 'interval'");
            }
            long interval = call.whole("interval", 1);
            if (interval < 1) {
                throw Refusal.invalid("'interval' must be at least 1");
            }
            if (from >= to) {
                throw Refusal.bad(16, "from_date must be less than to_date");
            }
            return new Period(from, to, Math.min(interval, LAST));
        }

        private static long time(Call call, String name) {
            if (!call.has(name)) {
                throw Refusal.invalid("missing field '" + name + "'");
            }
            return Math.clamp((long) call.number(name), 0, LAST);
        }
    }
}
