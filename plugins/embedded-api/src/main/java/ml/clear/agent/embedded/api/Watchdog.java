// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.List;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/** Stops tasks in progress that have not reported for two hours. */
final class Watchdog {

    static final Duration PERIOD = Duration.ofMinutes(15);

    private static final Duration SILENCE = Duration.ofHours(2);
    private static final String WORDS = "Forced stop (non-responsive)";

    private final Stores stores;

    Watchdog(Stores stores) {
        this.stores = stores;
    }

    /** Checks once; returns the number of stopped tasks. A server without silent tasks writes nothing. */
    int look() {
        if (stores.database().read(this::silent).isEmpty()) {
            return 0;
        }
        return stores.database().write(session -> {
            List<String> silent = silent(session);
            for (String id : silent) {
                ObjectNode task = stores.task(session, id);
                new StatusChange(TaskStatus.STOPPED, WORDS, WORDS, true)
                        .apply(stores, task)
                        .set("completed", stores.now());
                stores.tasks().save(session, task);
            }
            return silent.size();
        });
    }

    /** Whether a task in progress has reported recently. */
    boolean anyRunning(Duration lately) {
        return stores.database()
                .read(session -> !inProgress(session, lately, true).isEmpty());
    }

    private List<String> silent(Session session) {
        return inProgress(session, SILENCE, false);
    }

    private List<String> inProgress(Session session, Duration span, boolean heard) {
        String since = Timestamps.text(stores.clock().instant().minus(span));
        return stores.tasks().heard(session, TaskStatus.IN_PROGRESS.word(), since, heard);
    }
}
