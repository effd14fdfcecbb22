// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.function.ToIntFunction;
import ml.clear.agent.embedded.store.Database;
import ml.clear.agent.embedded.store.DocumentStore;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import org.jspecify.annotations.Nullable;

/**
 * Work on many documents in slices, each a transaction of its own, so that other writes wait for one slice at most. When the
 * process dies between two slices, the same call finishes the work.
 */
final class Bulk {

    private static final int SLICE = 200;

    private Bulk() {}

    /** Repeat a slice until it changes nothing; returns how many documents were changed. */
    static long all(Database database, ToIntFunction<Session> slice) {
        long all = 0;
        int changed;
        do {
            changed = database.write(slice::applyAsInt);
            all += changed;
        } while (changed > 0);
        return all;
    }

    /** A slice of the documents of some projects gets another project, or none for null. */
    static int move(Session session, DocumentStore store, Subset from, @Nullable String to) {
        var ids = store.ids(session, from, SLICE);
        return ids.isEmpty() ? 0 : store.put(session, "project", to, Subset.ids(ids));
    }
}
