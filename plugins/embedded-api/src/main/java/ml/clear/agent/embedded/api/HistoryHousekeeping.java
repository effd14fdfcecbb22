// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import ml.clear.agent.embedded.store.QueueHistory;
import ml.clear.agent.embedded.store.WorkerHistory;

/** Samples queues for their charts and deletes what is too old for charts. An idle server writes nothing. */
final class HistoryHousekeeping {

    static final Duration PERIOD = Duration.ofMinutes(1);

    private final Stores stores;
    private final QueueHistory queues = new QueueHistory();
    private final WorkerHistory workers = new WorkerHistory();

    HistoryHousekeeping(Stores stores) {
        this.stores = stores;
    }

    /** Do what is due. */
    void look() {
        Instant now = stores.clock().instant();
        List<QueueHistory.Sample> due = stores.database().read(session -> queues.due(session, now));
        if (!due.isEmpty()) {
            stores.database().write(session -> {
                queues.add(session, due, now);
                return due.size();
            });
        }
        long seconds = now.getEpochSecond();
        if (stores.database().read(session -> workers.hasExpired(session, seconds))) {
            stores.database().write(session -> {
                workers.prune(session, seconds);
                return true;
            });
        }
    }
}
