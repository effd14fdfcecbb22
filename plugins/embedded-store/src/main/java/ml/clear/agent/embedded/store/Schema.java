// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The tables, as the list of steps that made them. A step that was released is never changed; new ones are added. */
final class Schema {

    /** Changes a database from one schema to the next, in a transaction. */
    @FunctionalInterface
    interface Step {
        /** Do it. */
        void run(Session session);
    }

    /** Pages that deletions leave free can be given back in slices; the value of {@code PRAGMA auto_vacuum}. */
    private static final int INCREMENTAL = 2;

    private static final List<Step> STEPS = List.of(
            statements(
                    documents("task"),
                    index("task", "project"),
                    index("task", "parent"),
                    index("task", "status"),
                    // What changes with every event or report, apart from the document, which may be large.
                    "CREATE TABLE task_live (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
                    documents("project"),
                    "CREATE UNIQUE INDEX project_name ON project (json_extract(doc, '$.name'))",
                    index("project", "parent"),
                    documents("queue"),
                    "CREATE UNIQUE INDEX queue_name ON queue (json_extract(doc, '$.name'))",
                    """
                    CREATE TABLE queue_entry (queue TEXT NOT NULL, place INTEGER NOT NULL, task TEXT NOT NULL, added TEXT NOT NULL,
                      PRIMARY KEY (queue, place), UNIQUE (queue, task)) WITHOUT ROWID\
                    """,
                    "CREATE INDEX queue_entry_task ON queue_entry (task)",
                    documents("model"),
                    index("model", "task"),
                    index("model", "project"),
                    documents("worker"),
                    """
                    CREATE TABLE credential (key TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, created TEXT NOT NULL, label TEXT NOT NULL)
                      WITHOUT ROWID\
                    """,
                    "CREATE TABLE revoked_token (session TEXT PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID",
                    """
                    CREATE TABLE event_owner (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, log_events INTEGER NOT NULL DEFAULT 0)\
                    """,
                    """
                    CREATE TABLE log (seq INTEGER PRIMARY KEY, owner INTEGER NOT NULL, ts INTEGER NOT NULL, stored INTEGER NOT NULL,
                      level TEXT, worker TEXT, msg TEXT NOT NULL)\
                    """,
                    "CREATE INDEX log_time ON log (owner, ts)",
                    """
                    CREATE TABLE series (no INTEGER PRIMARY KEY, owner INTEGER NOT NULL, type TEXT NOT NULL, metric TEXT NOT NULL,
                      variant TEXT NOT NULL, stats TEXT, UNIQUE (owner, type, metric, variant))\
                    """,
                    """
                    CREATE TABLE scalar (series INTEGER NOT NULL, iter INTEGER NOT NULL, value REAL NOT NULL, ts INTEGER NOT NULL,
                      stored INTEGER NOT NULL, worker TEXT, PRIMARY KEY (series, iter)) WITHOUT ROWID\
                    """,
                    """
                    CREATE TABLE event (seq INTEGER PRIMARY KEY, series INTEGER NOT NULL, iter INTEGER NOT NULL, key TEXT NOT NULL,
                      ts INTEGER NOT NULL, stored INTEGER NOT NULL, doc TEXT NOT NULL, UNIQUE (series, iter, key))\
                    """),
            statements(
                    "CREATE TABLE setting (key TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID",
                    "CREATE INDEX task_state ON task (json_extract(doc, '$.project'), json_extract(doc, '$.status'))"),
            statements(
                    // Figures of workers, summed up over spans of time; see WorkerHistory.
                    """
                    CREATE TABLE worker_history (span INTEGER NOT NULL, start INTEGER NOT NULL, worker TEXT NOT NULL,
                      busy INTEGER NOT NULL, stats TEXT NOT NULL, PRIMARY KEY (span, start, worker)) WITHOUT ROWID\
                    """, """
                    CREATE TABLE queue_history (queue TEXT NOT NULL, at INTEGER NOT NULL, waiting REAL NOT NULL,
                      length INTEGER NOT NULL, PRIMARY KEY (queue, at)) WITHOUT ROWID\
                    """),
            new ColumnsStep());

    private Schema() {}

    /**
     * Run the steps that this database has not seen. A database that holds something is copied before it is changed.
     *
     * @param file the file of the database; its copy has the number of its schema at the end of its name
     * @throws StoreException when a newer program has written it
     */
    static void upgrade(Session session, Path file) {
        int version = Math.toIntExact(session.number("PRAGMA user_version"));
        if (version > STEPS.size()) {
            throw new StoreException(
                    "the data folder was written by a newer version of this program (schema " + version + ", known is "
                            + STEPS.size() + "): install that version or choose another folder",
                    null);
        }
        if (version == STEPS.size()) {
            return;
        }
        if (version > 0) {
            copy(session, file.resolveSibling(file.getFileName() + ".schema-" + version));
        }
        session.execute("BEGIN IMMEDIATE");
        for (int step = version; step < STEPS.size(); step++) {
            STEPS.get(step).run(session);
        }
        session.execute("PRAGMA user_version = " + STEPS.size());
        session.execute("COMMIT");
        if (session.number("PRAGMA auto_vacuum") != INCREMENTAL) {
            session.execute("PRAGMA auto_vacuum = " + INCREMENTAL);
            session.execute("VACUUM");
        }
    }

    /** A copy that an interrupted attempt left may be half of one. */
    private static void copy(Session session, Path copy) {
        try {
            Files.deleteIfExists(copy);
            session.update("VACUUM INTO ?", copy.toString());
        } catch (IOException e) {
            throw new StoreException("cannot copy the database to '" + copy + "' before it is upgraded", e);
        }
    }

    private static Step statements(String... statements) {
        return session -> List.of(statements).forEach(session::execute);
    }

    private static String documents(String table) {
        return "CREATE TABLE " + table + " (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL)";
    }

    private static String index(String table, String member) {
        return "CREATE INDEX " + table + "_" + member + " ON " + table + " (json_extract(doc, '$." + member + "'))";
    }
}
