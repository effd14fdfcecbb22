// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

    private final LogReader reader = new LogReader();
    private Database database;

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.open(folder);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            events.add(new Event.Log("t", 100 + i / 3, "INFO", "w", "line " + i));
        }
        write("t", events);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void write(String owner, List<Event> events) {
        database.write(session -> {
            new EventWriter().add(session, owner, events, 1);
            return 0;
        });
    }

    private List<String> page(int size, boolean earlier, OptionalLong beyond) {
        List<Long> rows = database.read(session -> reader.read(session, new LogReader.Page("t", size, earlier, beyond)))
                .rows();
        List<String> lines = new ArrayList<>();
        Slices.events(database, "t", Event.LOG, rows)
                .forEach(event -> lines.add(event.path("msg").stringValue().substring(5)));
        return lines;
    }

    @Test
    void pageTakesAllEventsThatShareTheLastTime() {
        assertThat(page(2, true, OptionalLong.empty())).containsExactly("9", "8", "7", "6");
        assertThat(page(2, true, OptionalLong.of(102))).containsExactly("5", "4", "3");
        assertThat(page(4, false, OptionalLong.empty())).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(page(4, false, OptionalLong.of(102))).containsExactly("9");
    }

    @Test
    void emptyPageAndUnknownTaskHoldNothing() {
        assertThat(page(0, true, OptionalLong.empty())).isEmpty();
        LogReader.Events none = database.read(
                session -> reader.read(session, new LogReader.Page("nobody", 5, true, OptionalLong.empty())));
        assertThat(none.rows()).isEmpty();
        assertThat(none.total()).isZero();
    }

    @Test
    void pageOfLongEventsIsBounded() {
        String megabyte = "x".repeat(1 << 20);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(new Event.Log("big", i, "INFO", "w", megabyte));
        }
        write("big", events);
        LogReader.Events found = database.read(
                session -> reader.read(session, new LogReader.Page("big", 5000, false, OptionalLong.empty())));
        assertThat(found.rows()).hasSize(8);
        assertThat(found.total()).isEqualTo(20);
    }

    @Test
    void deletedEventsAreGone() {
        database.write(session -> {
            new EventWriter().deleteAll(session, "t");
            return 0;
        });
        assertThat(page(100, true, OptionalLong.empty())).isEmpty();
    }
}
