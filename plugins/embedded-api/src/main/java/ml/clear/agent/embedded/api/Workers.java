// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ObjectNode;

/** The workers that have reported recently. An entry expires when its time-out passes without a report. */
final class Workers {

    static final long DEFAULT_TIMEOUT = 600;

    private static final String EXPIRES = "expires";
    private static final String TIMEOUT = "register_timeout";

    private final Stores stores;
    private final InstantSource steady;

    /** @param steady a monotonic time; a clock change would expire all workers, or none */
    Workers(Stores stores, InstantSource steady) {
        this.stores = stores;
        this.steady = steady;
    }

    /** Renew a worker's entry, made when it is missing, and change it. */
    void renew(Session session, Call call, String worker, long timeout, Consumer<ObjectNode> change) {
        long now = steady.millis();
        ObjectNode entry = stores.workers()
                .find(session, worker)
                .filter(found -> found.path(EXPIRES).asLong() > now)
                .orElseGet(() -> fresh(session, call, worker));
        if (timeout > 0) {
            entry.put(TIMEOUT, timeout);
        }
        entry.put("last_activity_time", stores.now())
                .put(EXPIRES, now + entry.path(TIMEOUT).asLong(DEFAULT_TIMEOUT) * 1000);
        change.accept(entry);
        stores.workers().save(session, entry);
    }

    private ObjectNode fresh(Session session, Call call, String worker) {
        stores.workers().delete(session, worker);
        ObjectNode entry = Json.object()
                .put("id", worker)
                .put("key", "worker_" + Caller.COMPANY + "_" + Caller.USER + "_" + worker)
                .put("ip", call.origin().address())
                .put("register_time", stores.now())
                .put(TIMEOUT, DEFAULT_TIMEOUT);
        entry.putArray("queues");
        entry.putArray("tags");
        entry.putArray("system_tags");
        stores.workers().insert(session, entry);
        return entry;
    }

    /** Those that are alive. */
    List<ObjectNode> alive(Session session) {
        return alive(session, 0);
    }

    /** Those that are alive and have reported within the given seconds; 0 for any time. */
    List<ObjectNode> alive(Session session, long seconds) {
        long now = steady.millis();
        List<ObjectNode> alive = new ArrayList<>();
        stores.workers().each(session, Subset.ALL, entry -> {
            long expires = entry.path(EXPIRES).asLong();
            long heard = expires - entry.path(TIMEOUT).asLong(DEFAULT_TIMEOUT) * 1000;
            if (expires > now && (seconds <= 0 || now - heard <= seconds * 1000)) {
                entry.remove(EXPIRES);
                alive.add(entry);
            }
        });
        return alive;
    }

    /** Whether a living worker serves a queue. */
    boolean watch(Session session, String queue) {
        return alive(session).stream().anyMatch(worker -> Names.contains(worker.path("queues"), queue));
    }

    /** Removes expired workers. */
    void sweep() {
        long now = steady.millis();
        String expired = " FROM worker WHERE json_extract(doc, '$.expires') < ?";
        if (stores.database().read(session -> session.number("SELECT count(*)" + expired, now)) > 0) {
            stores.database().write(session -> session.update("DELETE" + expired, now));
        }
    }
}
