// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventCleanerTest {

    private static final long DAY = Duration.ofDays(1).toMillis();

    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.open(folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void report(String owner, int count, long stored) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event.Place place = new Event.Place(owner, i + stored, "loss", "train");
            events.add(new Event.Log(owner, stored + i, "INFO", "w", stored + " " + i));
            events.add(new Event.Scalar(place, stored, i, "w", ""));
            events.add(
                    new Event.Other(Event.PLOT, place, "", stored, Json.object().put("plot_str", "{}")));
        }
        database.write(session -> {
            new EventWriter().add(session, owner, events, stored);
            return 0;
        });
    }

    private long rows(String table) {
        return database.read(session -> session.number("SELECT count(*) FROM " + table));
    }

    private List<String> console(String owner) {
        LogReader.Events found = database.read(
                session -> new LogReader().read(session, new LogReader.Page(owner, 1000, false, OptionalLong.empty())));
        assertThat(found.total()).isEqualTo(found.rows().size());
        List<String> lines = new ArrayList<>();
        Slices.events(database, owner, Event.LOG, found.rows())
                .forEach(event -> lines.add(event.path("msg").stringValue()));
        return lines;
    }

    private int clean(Retention retention, long now) {
        EventCleaner cleaner = new EventCleaner(retention);
        int steps = 0;
        while (database.write(session -> cleaner.removeSurplus(session, now))) {
            steps++;
        }
        assertThat((boolean) database.read(session -> cleaner.hasSurplus(session, now)))
                .isFalse();
        return steps;
    }

    @Test
    void deletedEventsAreInvisibleAtOnceAndGoneSliceBySlice() {
        report("gone", 6000, 1);
        report("here", 3, 1);
        database.write(session -> {
            new EventWriter().deleteAll(session, "gone");
            return 0;
        });
        assertThat(console("gone")).isEmpty();
        report("gone", 2, 7);
        EventCleaner cleaner = new EventCleaner(Retention.EVERYTHING);
        int steps = 0;
        while (database.write(cleaner::removeAbandoned)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(3);
        assertThat(rows("log")).isEqualTo(5);
        assertThat(rows("scalar")).isEqualTo(5);
        assertThat(rows("event")).isEqualTo(5);
        assertThat(rows("series")).isEqualTo(4);
        assertThat(rows("event_owner")).isEqualTo(2);
        assertThat(console("gone")).containsExactly("7 0", "7 1");
        assertThat(console("here")).hasSize(3);
    }

    @Test
    void eventsOlderThanTheAgeGo() {
        report("t", 4, DAY);
        report("t", 2, 9 * DAY);
        assertThat(clean(new Retention(Duration.ofDays(5), 0), 10 * DAY)).isPositive();
        assertThat(console("t")).containsExactly(9 * DAY + " 0", 9 * DAY + " 1");
        assertThat(rows("scalar")).isEqualTo(2);
        assertThat(rows("event")).isEqualTo(2);
        long counted = database.read(
                session -> session.number("SELECT stat_count FROM series WHERE type = 'training_stats_scalar'"));
        assertThat(counted).isEqualTo(6);
        report("t", 1, 20 * DAY);
        assertThat(clean(new Retention(Duration.ofDays(5), 0), 30 * DAY)).isPositive();
        assertThat(rows("scalar")).isZero();
    }

    @Test
    void seriesOfManyNumbersIsCleanedInSlices() {
        report("long", 12_000, DAY);
        assertThat(clean(new Retention(Duration.ofDays(5), 0), 10 * DAY)).isGreaterThanOrEqualTo(3);
        assertThat(rows("scalar")).isZero();
        assertThat(rows("log")).isZero();
    }

    @Test
    void fileShrinksAfterTheEventsAreGone() throws Exception {
        report("large", 60_000, DAY);
        clean(new Retention(Duration.ofDays(5), 0), 10 * DAY);
        long free = database.read(session -> session.number("PRAGMA freelist_count"));
        assertThat((boolean) database.read(FreeSpace::isLarge)).isTrue();
        int slices = 1;
        while (database.write(FreeSpace::release)) {
            slices++;
        }
        assertThat(slices).isGreaterThan(1);
        long left = database.read(session -> session.number("PRAGMA freelist_count"));
        assertThat(left).isLessThan(free / 2);
        assertThat((boolean) database.read(FreeSpace::isLarge)).isFalse();
    }

    @Test
    void newestReportsOfEachTaskStay() {
        report("many", 7000, 1);
        report("few", 2, 1);
        clean(new Retention(Duration.ZERO, 3), 10 * DAY);
        assertThat(console("many")).containsExactly("1 6997", "1 6998", "1 6999");
        assertThat(console("few")).hasSize(2);
        assertThat(rows("scalar")).isEqualTo(7002);
    }

    @Test
    void withoutRetentionNothingGoes() {
        report("t", 2, 1);
        assertThat(clean(Retention.EVERYTHING, 1000 * DAY)).isZero();
        assertThat(rows("log")).isEqualTo(2);
        assertThat(rows("scalar")).isEqualTo(2);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> new Retention(Duration.ZERO, -1)).hasMessageContaining("'-1'");
        assertThatThrownBy(() -> new Retention(Duration.ofDays(-1), 0)).hasMessageContaining("negative");
    }
}
