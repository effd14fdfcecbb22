// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists that callers read piece by piece; each is kept for ten minutes after its last use. Safe for several threads. */
final class Scrolls {

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST = 100;

    private final InstantSource clock;
    private final Map<String, Scroll> open = new LinkedHashMap<>();

    Scrolls(InstantSource clock) {
        this.clock = clock;
    }

    /** A list that is being read. */
    static final class Scroll {

        private final String id;
        private final List<String> ids;
        private Instant used;
        private int position;

        Scroll(String id, List<String> ids, Instant used) {
            this.id = id;
            this.ids = ids;
            this.used = used;
        }

        String id() {
            return id;
        }

        /** The next piece. */
        synchronized List<String> next(int size) {
            int from = position;
            position = (int) Math.min((long) position + size, ids.size());
            return ids.subList(from, position);
        }

        /** What was read so far. */
        synchronized List<String> again() {
            return ids.subList(0, position);
        }
    }

    synchronized Scroll begin(List<String> ids) {
        Instant now = clock.instant();
        open.values().removeIf(scroll -> scroll.used.plus(LIFE).isBefore(now));
        while (open.size() >= MOST) {
            open.remove(open.keySet().iterator().next());
        }
        Scroll scroll = new Scroll(Stores.newId(), ids, now);
        open.put(scroll.id(), scroll);
        return scroll;
    }

    synchronized Optional<Scroll> find(String id) {
        Scroll scroll = open.get(id);
        Instant now = clock.instant();
        if (scroll == null || scroll.used.plus(LIFE).isBefore(now)) {
            return Optional.empty();
        }
        scroll.used = now;
        return Optional.of(scroll);
    }
}
