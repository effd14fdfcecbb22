// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import ml.clear.agent.embedded.store.EventCleaner;
import ml.clear.agent.embedded.store.FreeSpace;
import ml.clear.agent.embedded.store.Retention;

/** Deletes events of deleted tasks promptly, and expired events at intervals; then the file shrinks. For one thread. */
final class EventHousekeeping {

    static final Duration PERIOD = Duration.ofSeconds(2);
    static final Duration SPACE_PERIOD = Duration.ofSeconds(30);
    static final Duration RETENTION_PERIOD = Duration.ofMinutes(10);

    private final Stores stores;
    private final EventCleaner cleaner;
    private final BooleanSupplier goOn;

    /** Ends early when {@code goOn} says so. */
    EventHousekeeping(Stores stores, Retention retention, BooleanSupplier goOn) {
        this.stores = stores;
        this.cleaner = new EventCleaner(retention);
        this.goOn = goOn;
    }

    /** Remove all events of tasks and models that are deleted. */
    void removeAbandoned() {
        // Reads first: an idle server must not write.
        boolean more = stores.database().read(cleaner::hasAbandoned);
        while (more && goOn.getAsBoolean()) {
            more = stores.database().write(cleaner::removeAbandoned);
        }
    }

    /** Remove all events that are not to be kept. */
    void removeSurplus() {
        long now = stores.clock().millis();
        boolean more = stores.database().read(session -> cleaner.hasSurplus(session, now));
        while (more && goOn.getAsBoolean()) {
            more = stores.database().write(session -> cleaner.removeSurplus(session, now));
        }
    }

    /** Give the space that deletions left back to the file system. */
    void releaseSpace() {
        boolean more = stores.database().read(FreeSpace::isLarge);
        while (more && goOn.getAsBoolean()) {
            more = stores.database().write(FreeSpace::release);
        }
    }
}
