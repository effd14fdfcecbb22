// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tasks waited in queues and for how long, for charts. A queue is sampled as long as it holds tasks, and once more
 * when it is empty again, so that an idle server stores nothing.
 */
public final class QueueHistory {

    private static final long KEPT = Duration.ofDays(90).toMillis();
    private static final int SLICE = 2000;

    private final QueueEntries entries = new QueueEntries();

    /** Without state of its own. */
    public QueueHistory() {}

    /**
     * A sample.
     *
     * @param queue the queue's id
     * @param at milliseconds since 1970
     * @param waiting how long its tasks have waited on average, in seconds
     * @param length how many tasks waited
     */
    public record Sample(String queue, long at, double waiting, long length) {}

    /** The samples that are due: of queues that hold tasks, or of which the last sample held some. */
    public List<Sample> due(Session session, Instant now) {
        return samples(session, now, """
                SELECT id FROM queue WHERE EXISTS (SELECT 1 FROM queue_entry WHERE queue = queue.id)
                  OR (SELECT length FROM queue_history WHERE queue = queue.id ORDER BY at DESC LIMIT 1) > 0""");
    }

    /** Samples of all queues. */
    public List<Sample> all(Session session, Instant now) {
        return samples(session, now, "SELECT id FROM queue");
    }

    private List<Sample> samples(Session session, Instant now, String queues) {
        List<Sample> samples = new ArrayList<>();
        for (String queue : session.list(queues, row -> row.getString(1))) {
            List<QueueEntries.Entry> waiting = entries.of(session, queue);
            double seconds = waiting.stream()
                    .flatMap(entry -> Timestamps.parse(entry.added()).stream())
                    .mapToLong(added -> Duration.between(added, now).toMillis())
                    .average()
                    .orElse(0);
            samples.add(new Sample(queue, now.toEpochMilli(), Math.max(0, seconds / 1000), waiting.size()));
        }
        return samples;
    }

    /** Store samples and delete a slice of those that are older than a quarter of a year. */
    public void add(Session session, List<Sample> samples, Instant now) {
        for (Sample sample : samples) {
            session.update(
                    "INSERT OR REPLACE INTO queue_history (queue, at, waiting, length) VALUES (?, ?, ?, ?)",
                    sample.queue(),
                    sample.at(),
                    sample.waiting(),
                    sample.length());
        }
        session.update(
                "DELETE FROM queue_history WHERE (queue, at) IN (SELECT queue, at FROM queue_history WHERE at < ? LIMIT "
                        + SLICE + ")",
                now.toEpochMilli() - KEPT);
    }

    /** The samples of a queue between two times in milliseconds, the oldest first. */
    public List<Sample> of(Session session, String queue, long from, long to) {
        return session.list(
                "SELECT at, waiting, length FROM queue_history WHERE queue = ? AND at BETWEEN ? AND ? ORDER BY at",
                row -> new Sample(queue, row.getLong(1), row.getDouble(2), row.getLong(3)),
                queue,
                from,
                to);
    }

    /** Forget a queue. */
    public void delete(Session session, String queue) {
        session.update("DELETE FROM queue_history WHERE queue = ?", queue);
    }
}
