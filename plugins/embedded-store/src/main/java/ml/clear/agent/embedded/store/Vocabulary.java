// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.List;

/** The names that occur in the documents of some projects, for selection lists. Distinct and sorted. */
public final class Vocabulary {

    private Vocabulary() {}

    /** A name in two parts: a section and a parameter, or a metric and a variant. */
    public record Pair(String first, String second) {}

    /**
     * The texts in a list of all documents, such as {@code tags}.
     *
     * @param kind the kind of documents
     * @param member the list
     */
    public static List<String> elements(Session session, Table kind, String member, Subset narrowing) {
        return session.list(
                "SELECT DISTINCT value FROM " + kind.name + ", json_each(doc, '$." + member + "')"
                        + narrowing.where(kind.name) + " ORDER BY value",
                row -> row.getString(1),
                narrowing.values().toArray());
    }

    /** The tags of all reports. */
    public static List<String> reportTags(Session session) {
        return session.list(
                "SELECT DISTINCT value FROM task, json_each(doc, '$.tags')"
                        + " WHERE task.type = 'report' ORDER BY value",
                row -> row.getString(1));
    }

    /** The values of a member that holds a text; absent and empty ones do not count. */
    public static List<String> values(Session session, Table kind, String member, Subset narrowing) {
        return session
                .list(
                        "SELECT DISTINCT coalesce(json_extract(doc, '$." + member + "'), '') AS found FROM " + kind.name
                                + narrowing.where() + " ORDER BY found",
                        row -> row.getString(1),
                        narrowing.values().toArray())
                .stream()
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** The sections and names of parameters. */
    public static List<Pair> parameters(Session session, Subset narrowing) {
        return session.list(
                "SELECT DISTINCT section.key, parameter.key FROM task, json_each(doc, '$.hyperparams') AS section,"
                        + " json_each(section.value) AS parameter" + narrowing.where("task") + " ORDER BY 1, 2",
                row -> new Pair(row.getString(1), row.getString(2)),
                narrowing.values().toArray());
    }

    /** The values that a parameter has. */
    public static List<String> parameterValues(Session session, Pair parameter, Subset narrowing) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(parameter.first());
        arguments.add(parameter.second());
        return session.list(
                "SELECT DISTINCT json_extract(parameter.value, '$.value') AS found FROM task,"
                        + " json_each(doc, '$.hyperparams') AS section, json_each(section.value) AS parameter"
                        + (narrowing.where().isEmpty() ? " WHERE" : narrowing.where("task") + " AND")
                        + " section.key = ? AND parameter.key = ? AND found IS NOT NULL ORDER BY found",
                row -> row.getString(1),
                arguments.toArray());
    }

    /** The keys of the metadata of models. */
    public static List<String> metadataKeys(Session session, Subset narrowing) {
        return session.list(
                "SELECT DISTINCT key FROM model, json_each(doc, '$.metadata')" + narrowing.where("model")
                        + " ORDER BY key",
                row -> row.getString(1),
                narrowing.values().toArray());
    }

    /** The values that a key of the metadata of models has. */
    public static List<String> metadataValues(Session session, String key, Subset narrowing) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(key);
        return session.list(
                "SELECT DISTINCT json_extract(item.value, '$.value') AS found FROM model,"
                        + " json_each(doc, '$.metadata') AS item"
                        + (narrowing.where().isEmpty() ? " WHERE" : narrowing.where("model") + " AND")
                        + " item.key = ? AND found IS NOT NULL ORDER BY found",
                row -> row.getString(1),
                arguments.toArray());
    }

    /** The metrics and variants of the scalars of tasks or models; of all tasks: those that were ever reported. */
    public static List<Pair> metrics(Session session, Table kind, Subset narrowing) {
        // An index by name would be cheaper here, but each new series would write to another page of it.
        String used = kind == Table.TASK && narrowing.member().isEmpty()
                ? ""
                : " AND no IN (SELECT name FROM series_row WHERE owner IN (SELECT no FROM event_owner WHERE id IN"
                        + " (SELECT id FROM " + kind.name + narrowing.where() + ")))";
        return session.list(
                "SELECT metric, variant FROM series_name WHERE type = '" + Event.SCALAR + "'" + used
                        + " ORDER BY metric, variant",
                row -> new Pair(row.getString(1), row.getString(2)),
                narrowing.values().toArray());
    }

    /** The parents of tasks; empty when a task has none. */
    public static List<String> parents(Session session, Subset narrowing, boolean active, boolean archived) {
        List<Object> arguments = new ArrayList<>(narrowing.values());
        arguments.add(active ? 0 : 1);
        arguments.add(archived ? 1 : 0);
        return session.list(
                "SELECT DISTINCT parent FROM task"
                        + (narrowing.where().isEmpty() ? " WHERE" : narrowing.where() + " AND")
                        + " parent > '' AND archived BETWEEN ? AND ?",
                row -> row.getString(1),
                arguments.toArray());
    }

    /** Kinds of documents. */
    public enum Table {
        /** Tasks. */
        TASK("task"),
        /** Models. */
        MODEL("model"),
        /** Projects. */
        PROJECT("project");

        private final String name;

        Table(String name) {
            this.name = name;
        }
    }
}
