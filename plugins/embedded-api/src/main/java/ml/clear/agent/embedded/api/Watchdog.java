// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.embedded.store.Narrowing;
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

    /** Checks once; returns the number of stopped tasks. */
    int look() {
        return stores.database().write(session -> {
            List<ObjectNode> silent = new ArrayList<>();
            stores.tasks().each(session, Narrowing.of("status", TaskStatus.IN_PROGRESS.word()), task -> {
                if (!heardWithin(task, SILENCE)) {
                    silent.add(task);
                }
            });
            for (ObjectNode task : silent) {
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
        return stores.database().read(session -> {
            List<ObjectNode> running = new ArrayList<>();
            stores.tasks().each(session, Narrowing.of("status", TaskStatus.IN_PROGRESS.word()), task -> {
                if (heardWithin(task, lately)) {
                    running.add(task);
                }
            });
            return !running.isEmpty();
        });
    }

    private boolean heardWithin(ObjectNode task, Duration span) {
        Instant oldest = stores.clock().instant().minus(span);
        return Timestamps.parse(task.path("last_update").asString(""))
                .filter(heard -> heard.isAfter(oldest))
                .isPresent();
    }
}
