// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of documents and its columns, which are computed from the document.
 *
 * @param source what queries select from
 * @param fields where the fields of the documents are
 * @param visible the documents that are not hidden
 */
record DocumentTable(Source source, Fields fields, Condition visible) {

    /** Members of tasks that events and reports change; they have columns of their own beside the document. */
    static final List<String> LIVE = List.of(
            "last_update", "last_change", "last_worker", "last_worker_report", "last_iteration", "active_duration");

    private static final String REPORT = """
        coalesce(nullif(json_extract(t.doc, '$.report'), ''),
          (SELECT json_extract(text, '$') FROM long_text WHERE document = t.id AND path = '/report'))\
        """;

    private static final Condition NOT_HIDDEN = Condition.of("t.hidden = 0");

    /** Tasks, with what changes by every event in a table of its own. */
    static final DocumentTable TASK =
            new DocumentTable(Source.table("task AS t JOIN task_live AS l ON l.id = t.id"), taskFields(), NOT_HIDDEN);

    /** Projects. */
    static final DocumentTable PROJECT = new DocumentTable(
            Source.table("project AS t"), columns("name", "parent", "created", "last_update"), NOT_HIDDEN);

    /** Queues. */
    static final DocumentTable QUEUE = new DocumentTable(
            Source.table("queue AS t"),
            columns("name"),
            columns().of("system_tags").equalsAny(List.of("k8s-glue")).not());

    /** Models. */
    static final DocumentTable MODEL = new DocumentTable(
            Source.table("model AS t"), columns("name", "project", "task", "created", "last_update"), NOT_HIDDEN);

    /** Users, which are not stored. */
    static final DocumentTable USER =
            new DocumentTable(Source.table("(SELECT 0 AS seq, '' AS id, '{}' AS doc) AS t"), columns(), Condition.ALL);

    private static Fields taskFields() {
        Map<String, String> columns = new HashMap<>(columns(
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
                        "status_changed")
                .columns());
        LIVE.forEach(name -> columns.put(name, "l." + name));
        columns.put("report", REPORT);
        return new Fields(columns);
    }

    private static Fields columns(String... names) {
        Map<String, String> columns = new HashMap<>(Map.of("id", "t.id"));
        for (String name : names) {
            columns.put(name, "t." + name);
        }
        return new Fields(columns);
    }
}
