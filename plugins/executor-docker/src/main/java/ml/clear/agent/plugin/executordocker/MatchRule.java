// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import org.jspecify.annotations.Nullable;

/**
 * A rule of {@code agent.default_docker.match_rules}: patterns that facts of a task must hold, and the container it gets then.
 *
 * @param patterns what each fact must hold, all of the patterns; a rule without any never applies
 * @param image the image; empty for the one that the task would get anyway
 * @param arguments words for docker
 * @param setupScript lines of shell
 * @param updatesTask whether its container is written into the task; empty text where the rule does not say
 * @param forced whether it stands above the task's own container
 */
record MatchRule(
        Map<String, List<Pattern>> patterns,
        String image,
        List<String> arguments,
        String setupScript,
        String updatesTask,
        boolean forced) {

    private static final String KEY = DockerSettings.MATCH_RULES.key();

    /** Copies the collections. */
    MatchRule {
        patterns = Map.copyOf(patterns);
        arguments = List.copyOf(arguments);
    }

    /**
     * The rules of the configuration.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when one cannot be read
     */
    static List<MatchRule> all(Optional<Object> value) {
        return value.map(rules -> list(rules).stream()
                        .map(rule -> of(map(rule, "a rule")))
                        .toList())
                .orElse(List.of());
    }

    private static MatchRule of(Map<String, Object> rule) {
        Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
        flatten("", map(rule.getOrDefault("match", Map.of()), "'match'"), patterns);
        return new MatchRule(
                patterns,
                text(rule.get("image")),
                words(rule.get("arguments")),
                lines(rule.get("setup_shell_script")),
                text(rule.get("update_back_task")),
                Boolean.parseBoolean(text(rule.get("force_container_rules"))));
    }

    private static void flatten(String prefix, Map<String, Object> match, Map<String, List<Pattern>> into) {
        match.forEach((name, wanted) -> {
            String fact = prefix + name;
            if (wanted instanceof Map<?, ?>) {
                flatten(fact + ".", map(wanted, fact), into);
            } else {
                into.put(
                        fact,
                        list(wanted).stream()
                                .map(MatchRule::text)
                                .map(MatchRule::pattern)
                                .toList());
            }
        });
    }

    /** Whether a task has all that is wanted. */
    boolean fits(TaskFacts task) {
        return !patterns.isEmpty()
                && patterns.entrySet().stream()
                        .allMatch(entry -> entry.getValue().stream()
                                .allMatch(pattern -> facts(entry.getKey(), task)
                                        .anyMatch(fact -> pattern.matcher(fact).find())));
    }

    private static Stream<String> facts(String name, TaskFacts task) {
        String requirements = "script.requirements.";
        if (name.startsWith(requirements + "pip.")) {
            return requirement(task.script().requirements().pip(), name.substring(requirements.length() + 4));
        }
        if (name.startsWith(requirements + "conda.")) {
            return requirement(task.script().requirements().conda(), name.substring(requirements.length() + 6));
        }
        return switch (name) {
            case "project" -> Stream.of(task.project());
            case "project_id" -> Stream.of(task.projectId());
            case "script.repository" -> Stream.of(task.script().repository());
            case "script.branch" -> Stream.of(task.script().branch());
            case "script.binary" -> Stream.of(task.script().binary());
            case "user_id" -> Stream.of(task.user());
            case "container" -> Stream.of(task.container().image());
            case "tags" -> task.tags().stream();
            default -> throw invalid("a rule matches '" + name + "', which is no fact of a task");
        };
    }

    /** What follows the name of a package in the requirements, such as {@code ==2.1}. */
    private static Stream<String> requirement(List<String> lines, String name) {
        Pattern line = Pattern.compile("(?i)^\\s*" + Pattern.quote(name).replaceAll("[-_.]+", "\\\\E[-_.]+\\\\Q")
                + "(?:\\[[^\\]]*\\])?(?![A-Za-z0-9._-])\\s*(.*)$");
        return lines.stream()
                .map(line::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1));
    }

    /**
     * The container of the rule over another one; what the rule lacks stays unless the rule is forced.
     *
     * @param updates whether it is written into the task unless the rule says otherwise
     */
    ImageChoice over(ImageChoice other, boolean updates) {
        boolean writtenBack = updatesTask.isEmpty() ? updates : Boolean.parseBoolean(updatesTask);
        String script = Stream.of(setupScript, forced ? "" : other.setupScript())
                .filter(text -> !text.isBlank())
                .collect(Collectors.joining("\n"));
        if (image.isEmpty()) {
            return new ImageChoice(
                    other.image(),
                    arguments.isEmpty() && !forced ? other.arguments() : arguments,
                    arguments.isEmpty() && !forced && other.ofTask(),
                    script,
                    writtenBack);
        }
        return new ImageChoice(image, arguments, false, script, writtenBack);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw invalid("'" + text + "' is no regular expression: " + e.getDescription());
        }
    }

    private static List<String> words(@Nullable Object value) {
        return value instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : ShellWords.split(text(value));
    }

    private static String lines(@Nullable Object value) {
        return value instanceof List<?> items
                ? items.stream().map(String::valueOf).collect(Collectors.joining("\n"))
                : text(value);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }

    private static List<Object> list(Object value) {
        return value instanceof List<?> items ? new ArrayList<>(items) : List.of(value);
    }

    private static Map<String, Object> map(Object value, String what) {
        if (!(value instanceof Map<?, ?> members)) {
            throw invalid(what + " is '" + value + "', and a group is needed");
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        members.forEach((name, member) -> {
            if (member != null) {
                copy.put(String.valueOf(name), member);
            }
        });
        return copy;
    }

    private static AgentException invalid(String what) {
        return new AgentException(ErrorCode.CONFIGURATION_INVALID, KEY + ": " + what);
    }
}
