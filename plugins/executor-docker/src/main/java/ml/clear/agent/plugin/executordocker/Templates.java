// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.TaskFacts;

/**
 * The templates of container arguments, such as {@code ${CLEARML_QUEUE_NAME}}, {@code ${CLEARML_TASK.name:none}} and {@code
 * ${CLEARML_|TASK.name|lower}}, with what is known of the task. A template of anything else stays as it is written.
 */
final class Templates {

    private static final Pattern FORM =
            Pattern.compile("\\$\\{CLEARML_(?<plain>[A-Za-z_][A-Za-z0-9_.]*)(?::(?<default>[^}]*))?\\}"
                    + "|\\$\\{CLEARML_\\|(?<changed>[A-Za-z_][A-Za-z0-9_.]*)(?<operations>(?:\\|[a-z_]+)*)\\}"
                    + "|\\$CLEARML_(?<bare>[A-Z_]+)(?![A-Za-z0-9_])");

    private final Map<String, String> values;

    private Templates(Map<String, String> values) {
        this.values = values;
    }

    /** Those of an execution. */
    static Templates of(ExecutionRequest request) {
        TaskFacts task = request.task();
        Map<String, String> values = new HashMap<>();
        values.put("QUEUE_NAME", request.queue().isEmpty() ? "None" : request.queue());
        values.put("WORKER_ID", request.environment().getOrDefault("CLEARML_WORKER_ID", ""));
        values.put("PROJECT_ID", task.projectId().isEmpty() ? "unknown" : task.projectId());
        values.put("PROJECT_NAME", task.project().isEmpty() ? "unknown" : task.project());
        values.put("TASK.id", task.id().value());
        values.put("TASK.name", task.name());
        values.put("TASK.project", task.projectId());
        values.put("TASK.user", task.user());
        values.put("TASK.tags", String.join(",", task.tags()));
        values.put("TASK.script.repository", task.script().repository());
        values.put("TASK.script.branch", task.script().branch());
        values.put("TASK.script.tag", task.script().tag());
        values.put("TASK.script.version_num", task.script().commit());
        values.put("TASK.script.binary", task.script().binary());
        values.put("TASK.script.entry_point", task.script().entryPoint());
        values.put("TASK.script.working_dir", task.script().workingDirectory());
        values.put("TASK.container.image", task.container().image());
        return new Templates(values);
    }

    /** The value of a field of the task, such as {@code script.branch}; empty for one that is not known. */
    String ofTask(String field) {
        return values.getOrDefault("TASK." + field, "");
    }

    /** A text with the values in place of the templates; line ends in values are removed. */
    String filled(String text) {
        return FORM.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(match.group(), match)));
    }

    private String value(String written, MatchResult match) {
        String name = Stream.of("plain", "changed", "bare")
                .map(match::group)
                .filter(found -> found != null)
                .findFirst()
                .orElse("");
        String value = values.get(name);
        if (value == null) {
            return written;
        }
        String otherwise = match.group("default");
        if (value.isEmpty() && otherwise != null) {
            value = otherwise;
        }
        String operations = match.group("operations");
        for (String operation : operations == null ? new String[0] : operations.split("\\|")) {
            value = changed(value, operation);
        }
        return value.replaceAll("[\\r\\n]", "");
    }

    private static String changed(String value, String operation) {
        return switch (operation) {
            case "strip" -> value.strip();
            case "lower" -> value.toLowerCase(Locale.ROOT);
            case "capitalize" ->
                value.isEmpty()
                        ? value
                        : value.substring(0, 1).toUpperCase(Locale.ROOT)
                                + value.substring(1).toLowerCase(Locale.ROOT);
            default -> value; // the others change nothing here: line ends are removed anyway
        };
    }
}
