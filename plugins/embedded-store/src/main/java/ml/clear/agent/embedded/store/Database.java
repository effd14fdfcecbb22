// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite database, in WAL mode: one thread writes, a few connections read. Safe for several threads.
 *
 * <p>Writes that wait together are committed together; each is a transaction of its own all the same, and is
 * acknowledged only when its commit is done. A commit survives the death of this process at any moment. It is not forced
 * to the disk one by one ({@code synchronous=NORMAL}): after a power failure the database is whole, but the last moments
 * may be missing.
 */
public final class Database implements AutoCloseable {

    private static final int READERS = 4;
    private static final int MOST_WAITING = 1024;
    private static final int MOST_TOGETHER = 256;

    private final Path file;
    private final Semaphore reading = new Semaphore(READERS);
    private final Deque<Session> readers = new ConcurrentLinkedDeque<>();
    private final BlockingQueue<Unit<?>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private final CompletableFuture<Session> opened = new CompletableFuture<>();
    /** What the writer's thread writes at the moment. */
    private final List<Unit<?>> together = new ArrayList<>();

    private final Thread thread;
    private volatile boolean closed;

    private Database(Path file) {
        this.file = file;
        thread = Thread.ofPlatform().name("embedded-server-writer").daemon(true).start(this::openAndWrite);
    }

    /**
     * Open the database in a file, which is made when it is missing, and bring it to the present schema.
     *
     * @throws StoreException when it cannot be opened, or a newer program has written it
     */
    public static Database open(Path file) {
        Database database = opening(file);
        database.awaitOpen();
        return database;
    }

    /** The same without waiting: the first use throws the exceptions of {@link #open}. */
    public static Database opening(Path file) {
        return new Database(file);
    }

    private Session awaitOpen() {
        try {
            return opened.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException cause) {
                throw cause;
            }
            throw new StoreException("cannot open the database '" + file + "': " + e.getCause(), e);
        }
    }

    /** Work with a session. */
    @FunctionalInterface
    public interface Work<T> {
        /** Do it. */
        T in(Session session);
    }

    /** Read; sees everything that was acknowledged before. */
    public <T> T read(Work<T> work) {
        awaitOpen();
        try {
            reading.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        }
        try {
            // The one that was used last has the warmest cache; most servers never need another one.
            Session idle = readers.pollFirst();
            Session session = idle == null ? connect(file, 2048) : idle;
            try {
                return work.in(session);
            } finally {
                readers.addFirst(session);
            }
        } finally {
            reading.release();
        }
    }

    /**
     * Write, in one transaction. Returns when it is committed; what the work throws undoes it and is thrown here.
     *
     * @param work runs on the writer's thread, so it must be quick and must not write in turn
     */
    public <T> T write(Work<T> work) {
        awaitOpen();
        Unit<T> unit = new Unit<>(work, new CompletableFuture<>());
        gate.readLock().lock();
        try {
            if (closed) {
                throw new StoreException("the server is stopping", null);
            }
            waiting.put(unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted", e);
        } finally {
            gate.readLock().unlock();
        }
        return unit.await();
    }

    /** Writes a complete and consistent copy into a new file, while the database is in use. */
    public void copyTo(Path file) {
        read(session -> session.update("VACUUM INTO ?", file.toString()));
    }

    /** Wait for the writes that were accepted, then close. */
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            gate.writeLock().unlock();
        }
        if (opened.isCompletedExceptionally()) {
            return;
        }
        Session writer = awaitOpen();
        thread.interrupt();
        try {
            thread.join();
            reading.acquire(READERS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readers.forEach(Session::close);
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        writer.close();
    }

    private static Session connect(Path file, int cacheKib) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(10_000);
        config.setCacheSize(-cacheKib);
        config.setJournalSizeLimit(16 << 20);
        config.setGetGeneratedKeys(false); // by default, the driver queries the last row after each insert
        try {
            return new Session(config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw new StoreException("cannot open the database '" + file + "': " + e.getMessage(), e);
        }
    }

    private void openAndWrite() {
        Session writer;
        try {
            writer = connectAndUpgrade(file);
        } catch (RuntimeException | Error e) {
            opened.completeExceptionally(e);
            return;
        }
        opened.complete(writer);
        try {
            writeAll(writer);
        } catch (RuntimeException | Error e) {
            endWaiting(e);
            throw e;
        }
    }

    private static Session connectAndUpgrade(Path file) {
        Session writer = connect(file, 8192);
        try {
            Schema.upgrade(writer, file);
            return writer;
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    /** Without this thread nothing is written: fails all waiting and all later calls. */
    private void endWaiting(Throwable cause) {
        closed = true;
        // Callers wait for room in the queue with the gate open: it closes only when they have left.
        while (!gate.writeLock().tryLock()) {
            failWaiting(cause);
            Thread.onSpinWait();
        }
        gate.writeLock().unlock();
        failWaiting(cause);
    }

    private void failWaiting(Throwable cause) {
        together.forEach(unit -> unit.result.completeExceptionally(cause));
        for (Unit<?> unit = waiting.poll(); unit != null; unit = waiting.poll()) {
            unit.result.completeExceptionally(cause);
        }
    }

    private void writeAll(Session writer) {
        while (true) {
            together.clear();
            waiting.drainTo(together, MOST_TOGETHER);
            if (together.isEmpty()) {
                if (closed) {
                    return;
                }
                try {
                    together.add(waiting.take());
                } catch (InterruptedException e) {
                    continue; // close() interrupts; what was accepted before is still written
                }
                waiting.drainTo(together, MOST_TOGETHER - 1);
            }
            commit(writer, together);
        }
    }

    private static void commit(Session writer, List<Unit<?>> together) {
        try {
            writer.execute("BEGIN IMMEDIATE");
            together.forEach(unit -> unit.run(writer));
            writer.execute("COMMIT");
        } catch (RuntimeException | Error e) {
            together.forEach(unit -> unit.result.completeExceptionally(e));
            rollBack(writer);
            return;
        }
        together.forEach(Unit::acknowledge);
    }

    private static void rollBack(Session writer) {
        try {
            writer.execute("ROLLBACK");
        } catch (StoreException e) {
            // A failed commit may have ended the transaction already; then there is nothing to roll back.
            System.getLogger(Database.class.getName()).log(System.Logger.Level.DEBUG, "no transaction to roll back", e);
        }
    }

    private static final class Unit<T> {

        private final Work<T> work;
        private final CompletableFuture<T> result;
        private Runnable outcome = () -> {};

        Unit(Work<T> work, CompletableFuture<T> result) {
            this.work = work;
            this.result = result;
        }

        void run(Session session) {
            session.execute("SAVEPOINT unit");
            try {
                T value = work.in(session);
                outcome = () -> result.complete(value);
            } catch (RuntimeException | Error e) {
                session.execute("ROLLBACK TO unit");
                outcome = () -> result.completeExceptionally(e);
            }
            session.execute("RELEASE unit");
        }

        void acknowledge() {
            outcome.run();
        }

        T await() {
            try {
                return result.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("interrupted", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Refusal refusal) {
                    throw refusal;
                }
                throw new StoreException("cannot write: " + e.getCause(), e.getCause());
            }
        }
    }
}
