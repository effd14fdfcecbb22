// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.QueueHistory;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The history of queues as charts. */
final class QueueHistoryEndpoints {

    private static final long MOST_POINTS = 5000;
    private static final Comparator<QueueHistory.Sample> LONGEST =
            Comparator.comparingDouble(QueueHistory.Sample::waiting).thenComparing(QueueHistory.Sample::length);

    private final Stores stores;
    private final QueueHistory history = new QueueHistory();

    private QueueHistoryEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        QueueHistoryEndpoints endpoints = new QueueHistoryEndpoints(stores);
        routes.add(new Endpoint("queues.get_queue_metrics", ApiVersion.of(2, 4), Set.of(), endpoints::metrics));
    }

    private ObjectNode metrics(Call call) {
        List<String> wanted = call.texts("queue_ids");
        HistoryEndpoints.Period period = HistoryEndpoints.Period.of(call);
        long interval = Math.max(period.interval(), Math.ceilDiv(period.to() - period.from(), MOST_POINTS)) * 1000;
        if (call.flag("refresh", false)) {
            Instant now = stores.clock().instant();
            stores.database().write(session -> {
                history.add(session, history.all(session, now), now);
                return true;
            });
        }
        ObjectNode answer = Json.object();
        ArrayNode queues = answer.putArray("queues");
        stores.database().read(session -> {
            Map<String, Map<Long, QueueHistory.Sample>> points = new TreeMap<>();
            for (String queue : queues(session, wanted)) {
                points.put(queue, points(session, queue, period, interval));
            }
            if (wanted.isEmpty()) {
                write(queues.addObject(), "total", together(points));
            } else {
                points.forEach((queue, samples) -> write(queues.addObject(), queue, samples));
            }
            return queues;
        });
        return answer;
    }

    private List<String> queues(Session session, List<String> wanted) {
        return stores.queues().ids(session, wanted.isEmpty() ? Subset.ALL : Subset.ids(wanted));
    }

    /** In each interval the sample in which tasks had waited for longest. */
    private Map<Long, QueueHistory.Sample> points(
            Session session, String queue, HistoryEndpoints.Period period, long interval) {
        Map<Long, QueueHistory.Sample> points = new TreeMap<>();
        for (QueueHistory.Sample sample :
                history.of(session, queue, period.from() * 1000 - interval, period.to() * 1000 + 999)) {
            points.merge(
                    sample.at() - Math.floorMod(sample.at(), interval),
                    sample,
                    (left, right) -> LONGEST.compare(left, right) >= 0 ? left : right);
        }
        return points;
    }

    /** All queues as one; a queue without a sample in an interval counts as it was before. */
    private static Map<Long, QueueHistory.Sample> together(Map<String, Map<Long, QueueHistory.Sample>> queues) {
        Map<Long, Map<String, QueueHistory.Sample>> byPoint = new TreeMap<>();
        queues.forEach((queue, samples) -> samples.forEach((point, sample) ->
                byPoint.computeIfAbsent(point, at -> new HashMap<>()).put(queue, sample)));
        Map<Long, QueueHistory.Sample> together = new TreeMap<>();
        Map<String, QueueHistory.Sample> last = new HashMap<>();
        byPoint.forEach((point, samples) -> {
            last.putAll(samples);
            long length = last.values().stream()
                    .mapToLong(QueueHistory.Sample::length)
                    .sum();
            double waited = last.values().stream()
                    .mapToDouble(sample -> sample.waiting() * sample.length())
                    .sum();
            together.put(point, new QueueHistory.Sample("", point, length == 0 ? 0 : waited / length, length));
        });
        return together;
    }

    private static void write(ObjectNode target, String queue, Map<Long, QueueHistory.Sample> points) {
        target.put("queue", queue);
        ArrayNode dates = target.putArray("dates");
        ArrayNode waiting = target.putArray("avg_waiting_times");
        ArrayNode lengths = target.putArray("queue_lengths");
        points.forEach((point, sample) -> {
            dates.add(point);
            waiting.add(sample.waiting());
            lengths.add(sample.length());
        });
    }
}
