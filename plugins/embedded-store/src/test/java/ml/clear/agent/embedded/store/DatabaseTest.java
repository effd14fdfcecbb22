// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    private final Path folder;

    DatabaseTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static int insert(Database database, String id) {
        return database.write(session -> session.update("INSERT INTO queue (id, doc) VALUES (?, '{}')", id));
    }

    private static long count(Database database) {
        return database.read(session -> session.number("SELECT count(*) FROM queue"));
    }

    @Test
    void readsSeeEveryAcknowledgedWrite() {
        try (Database database = TestDatabase.open(folder)) {
            for (int i = 0; i < 200; i++) {
                database.write(session -> session.update(
                        "INSERT INTO queue (id, doc) VALUES (lower(hex(randomblob(16))), json_object('name',"
                                + " hex(randomblob(8))))"));
                assertThat(count(database)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void failingWriteLeavesNothingAndDoesNotHinderThoseItIsCommittedWith() throws Exception {
        try (Database database = TestDatabase.open(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> writes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String id = "q" + i;
                boolean fail = i % 2 == 0;
                writes.add(() -> {
                    try {
                        database.write(session -> {
                            session.update("INSERT INTO queue (id, doc) VALUES (?, json_object('name', ?))", id, id);
                            if (fail) {
                                throw Refusal.bad(801, "on purpose");
                            }
                            return 0;
                        });
                        return true;
                    } catch (Refusal e) {
                        return false;
                    }
                });
            }
            int stored = 0;
            for (Future<Boolean> write : threads.invokeAll(writes)) {
                stored += write.get() ? 1 : 0;
            }
            assertThat(stored).isEqualTo(50);
            assertThat(count(database)).isEqualTo(50);
        }
    }

    /** As deep recursion or a heap that is used up would do. */
    @Test
    void errorOfOneWriteIsReportedAndTheNextWriteWorks() {
        try (Database database = TestDatabase.open(folder)) {
            assertThatThrownBy(() -> database.write(session -> {
                        insertInto(session, "lost");
                        throw new StackOverflowError("on purpose");
                    }))
                    .isInstanceOf(StoreException.class)
                    .hasRootCauseInstanceOf(StackOverflowError.class);
            assertThat(insert(database, "kept")).isEqualTo(1);
            assertThat(count(database)).isEqualTo(1);
        }
    }

    private static void insertInto(Session session, String id) {
        session.update("INSERT INTO queue (id, doc) VALUES (?, '{}')", id);
    }

    /** More callers than have room in the queue of the writer. */
    @Test
    void writesAfterTheConnectionIsLostFailInsteadOfWaiting() throws Exception {
        Database database = TestDatabase.open(folder);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writes = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                String id = "q" + i;
                boolean last = i == 10;
                writes.add(threads.submit(() -> database.write(session -> {
                    if (last) {
                        session.close();
                        throw new OutOfMemoryError("on purpose");
                    }
                    return session.update("INSERT INTO queue (id, doc) VALUES (?, json_object('name', ?))", id, id);
                })));
            }
            int failed = 0;
            for (Future<?> write : writes) {
                try {
                    write.get(1, TimeUnit.MINUTES);
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(StoreException.class);
                    failed++;
                }
            }
            assertThat(failed).isPositive();
        }
    }

    @Test
    void brokenStatementIsReportedAndTheNextWriteWorks() {
        try (Database database = TestDatabase.open(folder)) {
            assertThatThrownBy(() -> database.write(session -> session.update("INSERT INTO nowhere VALUES (1)")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("nowhere");
            assertThat(insert(database, "fine")).isEqualTo(1);
        }
    }

    @Test
    void closedDatabaseRefusesWritesAndIsWholeWhenOpenedAgain() {
        Database database = TestDatabase.open(folder);
        insert(database, "kept");
        database.close();
        database.close();
        assertThatThrownBy(() -> insert(database, "late")).isInstanceOf(StoreException.class);
        try (Database again = TestDatabase.open(folder)) {
            assertThat(count(again)).isEqualTo(1);
        }
    }

    @Test
    void schemaOfNewerProgramIsLeftAlone() {
        try (Database database = TestDatabase.open(folder)) {
            database.write(session -> session.update("PRAGMA user_version = 999"));
        }
        assertThatThrownBy(() -> TestDatabase.open(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void copyHoldsEverythingThatWasAcknowledged() {
        Path copies = folder.resolve("copies");
        try (Database database = TestDatabase.open(folder)) {
            insert(database, "kept");
            Files.createDirectories(copies);
            database.copyTo(copies.resolve("test.db"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (Database copy = TestDatabase.open(copies)) {
            assertThat(count(copy)).isEqualTo(1);
        }
    }
}
