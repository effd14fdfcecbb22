// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The step to the schema in which filtered members are columns, long texts lie beside the documents, statistics of series are
 * columns, and names of series are stored once.
 */
final class ColumnsStep implements Schema.Step {

    private static final List<String> TASK = List.of(
            "name",
            "project",
            "parent",
            "status",
            "type",
            "user",
            "created",
            "started",
            "completed",
            "published",
            "status_changed");
    private static final List<String> MODEL = List.of("name", "project", "task", "created", "last_update");
    private static final List<String> PROJECT = List.of("name", "parent", "created", "last_update");
    private static final List<String> QUEUE = List.of("name");

    private static final List<String> STATISTICS = List.of(
            "count",
            "value",
            "iter",
            "timestamp",
            "min_value",
            "min_value_iteration",
            "max_value",
            "max_value_iteration",
            "first_value",
            "first_value_iteration",
            "mean_value",
            "x_axis_label");

    @Override
    public void run(Session session) {
        session.execute("""
            CREATE TABLE long_text (document TEXT NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL,
              UNIQUE (document, path))\
            """);
        documents(session, "task", TASK, new LongTexts("script", "configuration", "report", "container", "execution"));
        documents(session, "model", MODEL, new LongTexts("design"));
        documents(session, "project", PROJECT, new LongTexts());
        documents(session, "queue", QUEUE, new LongTexts());
        List.of(
                        "CREATE INDEX task_project ON task (project, archived, status)",
                        "CREATE INDEX task_parent ON task (parent)",
                        "CREATE INDEX task_status ON task (status)",
                        "CREATE INDEX task_name ON task (name)",
                        "CREATE INDEX task_created ON task (created)",
                        "CREATE INDEX model_project ON model (project)",
                        "CREATE INDEX model_task ON model (task)",
                        "CREATE INDEX model_name ON model (name)",
                        "CREATE UNIQUE INDEX project_name ON project (name)",
                        "CREATE INDEX project_parent ON project (parent)",
                        "CREATE UNIQUE INDEX queue_name ON queue (name)")
                .forEach(session::execute);
        live(session);
        series(session);
    }

    /** Copy a table into one with columns, which stand before the document so that they are read without it. */
    private static void documents(Session session, String table, List<String> members, LongTexts texts) {
        String columns = Stream.concat(
                        members.stream()
                                .map(member ->
                                        member + " TEXT AS (nullif(json_extract(doc, '$." + member + "'), '')) STORED"),
                        Stream.of("hidden", "archived")
                                .map(tag -> tag + " INTEGER AS (coalesce(instr(json_extract(doc, '$.system_tags'), '\""
                                        + tag + "\"') > 0, 0)) STORED"))
                .collect(Collectors.joining(", "));
        session.execute("CREATE TABLE new_" + table + " (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, " + columns
                + ", doc TEXT NOT NULL)");
        session.each("SELECT seq, id, doc FROM " + table, row -> {
            ObjectNode document = Json.parseObject(row.getString(3));
            Map<String, String> taken = texts.takeOut(document);
            session.update(
                    "INSERT INTO new_" + table + " (seq, id, doc) VALUES (?, ?, ?)",
                    row.getLong(1),
                    row.getString(2),
                    Json.text(document));
            texts.save(session, row.getString(2), taken);
            return true;
        });
        session.execute("DROP TABLE " + table);
        session.execute("ALTER TABLE new_" + table + " RENAME TO " + table);
    }

    private static void live(Session session) {
        session.execute("""
            CREATE TABLE new_task_live (id TEXT PRIMARY KEY, last_update TEXT, last_change TEXT, last_worker TEXT,
              last_worker_report TEXT, last_iteration INTEGER, active_duration INTEGER) WITHOUT ROWID\
            """);
        String members = String.join(", ", DocumentTable.LIVE);
        String values = DocumentTable.LIVE.stream()
                .map(member -> "json_extract(doc, '$." + member + "')")
                .collect(Collectors.joining(", "));
        session.execute("INSERT INTO new_task_live (id, " + members + ") SELECT id, " + values + " FROM task_live");
        session.execute("DROP TABLE task_live");
        session.execute("ALTER TABLE new_task_live RENAME TO task_live");
        session.execute("CREATE INDEX task_last_update ON task_live (last_update)");
    }

    private static void series(Session session) {
        session.execute("ALTER TABLE series RENAME TO old_series");
        session.execute("""
            CREATE TABLE series_name (no INTEGER PRIMARY KEY, type TEXT NOT NULL, metric TEXT NOT NULL,
              variant TEXT NOT NULL, metric_hash TEXT NOT NULL, variant_hash TEXT NOT NULL,
              UNIQUE (type, metric, variant))\
            """);
        session.execute("CREATE INDEX series_hash ON series_name (metric_hash, variant_hash)");
        session.execute("""
            CREATE TABLE series_row (no INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name INTEGER NOT NULL,
              oldest INTEGER, stat_count INTEGER NOT NULL DEFAULT 0, stat_value REAL, stat_iter INTEGER,
              stat_timestamp INTEGER, stat_min_value REAL, stat_min_value_iteration INTEGER, stat_max_value REAL,
              stat_max_value_iteration INTEGER, stat_first_value REAL, stat_first_value_iteration INTEGER,
              stat_mean_value REAL, stat_x_axis_label TEXT, UNIQUE (owner, name))\
            """);
        session.each("SELECT DISTINCT type, metric, variant FROM old_series", row -> {
            session.update(
                    "INSERT INTO series_name (type, metric, variant, metric_hash, variant_hash) VALUES (?, ?, ?, ?, ?)",
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    Metrics.md5(row.getString(2)),
                    Metrics.md5(row.getString(3)));
            return true;
        });
        session.execute("INSERT INTO series_row (no, owner, name, oldest, " + statistics(name -> "stat_" + name)
                + ") SELECT s.no, s.owner, n.no, (SELECT min(stored) FROM scalar WHERE series = s.no), "
                + statistics(name -> (name.equals("count") ? "coalesce(" : "(") + "json_extract(s.stats, '$." + name
                        + "')" + (name.equals("count") ? ", 0)" : ")"))
                + " FROM old_series AS s JOIN series_name AS n ON n.type = s.type AND n.metric = s.metric AND"
                + " n.variant = s.variant");
        session.execute("DROP TABLE old_series");
        session.execute("CREATE INDEX series_oldest ON series_row (oldest) WHERE oldest IS NOT NULL");
        // A cross join is done in the order in which it is written: from the series of an owner to their names.
        session.execute("CREATE VIEW series AS SELECT r.no, r.owner, n.type, n.metric, n.variant, n.metric_hash,"
                + " n.variant_hash, " + statistics(name -> "r.stat_" + name)
                + " FROM series_row AS r CROSS JOIN series_name AS n WHERE n.no = r.name");
    }

    private static String statistics(UnaryOperator<String> column) {
        return STATISTICS.stream().map(column).collect(Collectors.joining(", "));
    }
}
