// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A kind of document that can be listed: the names that its schema knows and what a filter on each means. */
public final class Kind {

    /** Tasks. */
    public static final Kind TASK = new Kind("Task", DocumentTable.TASK)
            .role(Role.TEXT, "name", "comment", "report")
            .role(Role.INDEXED, "project", "parent", "status")
            .role(Role.LIST, "user", "tags", "system_tags", "type", "company", "last_worker", "last_changed_by")
            .role(
                    Role.TIME,
                    "status_changed",
                    "last_update",
                    "last_change",
                    "created",
                    "started",
                    "completed",
                    "published")
            .role(Role.NUMBER, "active_duration", "last_iteration")
            .role(Role.FREE, "hyperparams", "configuration", "runtime", "container", "last_metrics", "metric_stats")
            .role(Role.FIXED, "execution", "models", "script", "output")
            .role(
                    Role.PLAIN,
                    "id",
                    "status_reason",
                    "status_message",
                    "last_worker_report",
                    "report_assets",
                    "unique_metrics",
                    "enqueue_status");

    /** Projects. */
    public static final Kind PROJECT = new Kind("Project", DocumentTable.PROJECT)
            .role(Role.TEXT, "name", "basename", "description")
            .role(Role.INDEXED, "parent")
            .role(Role.LIST, "user", "tags", "system_tags", "path", "company", "default_output_destination")
            .role(Role.TIME, "created", "last_update")
            .role(Role.PLAIN, "id");

    /** Queues. */
    public static final Kind QUEUE = new Kind("Queue", DocumentTable.QUEUE)
            .role(Role.TEXT, "name", "display_name")
            .role(Role.LIST, "user", "tags", "system_tags", "company")
            .role(Role.TIME, "created", "last_update")
            .role(Role.FREE, "entries", "metadata")
            .role(Role.PLAIN, "id");

    /** Models. */
    public static final Kind MODEL = new Kind("Model", DocumentTable.MODEL)
            .role(Role.TEXT, "name", "comment")
            .role(Role.INDEXED, "task", "project")
            .role(Role.LIST, "user", "tags", "system_tags", "framework", "uri", "parent", "company")
            .role(Role.TIME, "created", "last_update", "last_change")
            .role(Role.NUMBER, "last_iteration")
            .role(Role.FREE, "design", "labels", "metadata", "ui_cache", "last_metrics")
            .role(Role.PLAIN, "id", "ready", "last_changed_by", "unique_metrics");

    /** Users. */
    public static final Kind USER = new Kind("User", DocumentTable.USER)
            .role(Role.TEXT, "name", "given_name", "family_name")
            .role(Role.PLAIN, "id", "role", "company", "avatar");

    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "script",
            Set.of(
                    "binary",
                    "repository",
                    "tag",
                    "branch",
                    "version_num",
                    "entry_point",
                    "working_dir",
                    "requirements",
                    "diff"),
            "execution",
            Set.of(
                    "queue",
                    "parameters",
                    "artifacts",
                    "model_desc",
                    "model_labels",
                    "framework",
                    "test_split",
                    "docker_cmd",
                    "model"),
            "output",
            Set.of("destination", "result", "error", "model"),
            "models",
            Set.of("input", "output"));

    /** The kind of a name. */
    private enum Role {
        /** Filtered by a regular expression. */
        TEXT,
        /** Filtered by a list of values. */
        LIST,
        /** The same, and indexed. */
        INDEXED,
        /** Filtered by bounds in time. */
        TIME,
        /** Filtered by bounds. */
        NUMBER,
        /** A container of anything. */
        FREE,
        /** A container of known members. */
        FIXED,
        /** Not filtered. */
        PLAIN
    }

    private final String title;
    private final DocumentTable table;
    private final Map<String, Role> roles;

    private Kind(String title, DocumentTable table) {
        this(title, table, Map.of());
    }

    private Kind(String title, DocumentTable table, Map<String, Role> roles) {
        this.title = title;
        this.table = table;
        this.roles = roles;
    }

    private Kind role(Role role, String... names) {
        Map<String, Role> more = new HashMap<>(roles);
        for (String name : names) {
            more.put(name, role);
        }
        return new Kind(title, table, Map.copyOf(more));
    }

    /** The name in messages. */
    public String title() {
        return title;
    }

    Source source() {
        return table.source();
    }

    Fields fields() {
        return table.fields();
    }

    /** The documents that lists show without being asked for hidden ones. */
    Condition visible() {
        return table.visible();
    }

    /** The members that {@code search_text} looks into. */
    List<String> searched() {
        return switch (title) {
            case "Task" ->
                List.of(
                        "name",
                        "id",
                        "comment",
                        "report",
                        "models.input.model",
                        "models.output.model",
                        "script.repository",
                        "script.entry_point");
            case "Model" -> List.of("name", "id", "comment", "parent", "task", "project");
            case "Project" -> List.of("name", "id", "description");
            default -> List.of("name", "id");
        };
    }

    /** Whether a name filter shows hidden documents too. */
    boolean nameShowsHidden() {
        return title.equals("Queue");
    }

    boolean isText(String field) {
        return roles.get(field) == Role.TEXT;
    }

    boolean isRange(String field) {
        Role role = roles.get(field);
        return role == Role.TIME || role == Role.NUMBER || field.startsWith("last_metrics.");
    }

    boolean isIndexed(String field) {
        return roles.get(field) == Role.INDEXED;
    }

    /** Whether a filter on this field is a list of values, as it is for the members of containers. */
    boolean isList(String field) {
        return switch (roles.get(top(field))) {
            case LIST, INDEXED -> true;
            case FREE, FIXED -> field.indexOf('.') > 0;
            case TEXT, TIME, NUMBER, PLAIN -> false;
            case null -> false;
        };
    }

    /** Whether the schema has this dotted name. */
    boolean knows(String path) {
        String top = top(path);
        Role role = roles.get(top);
        if (role == null || top.length() == path.length()) {
            return role != null;
        }
        String inner = top(path.substring(top.length() + 1));
        return switch (role) {
            case FREE -> true;
            case FIXED -> MEMBERS.getOrDefault(top, Set.of()).contains(inner);
            case LIST, INDEXED -> inner.equals("name") || inner.equals("id");
            case TEXT, TIME, NUMBER, PLAIN -> false;
        };
    }

    /** The same, as a check. */
    void require(String path) {
        if (!knows(path)) {
            throw Refusal.bad(14, "Fields not defined for object: object=" + title + ", fields=" + path);
        }
    }

    private static String top(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }
}
