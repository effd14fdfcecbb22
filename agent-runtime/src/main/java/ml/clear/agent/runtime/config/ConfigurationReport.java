// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.runtime.config.PrintoutSettings.Printout;

/** Texts about a configuration for people: {@code config show}, {@code get} and {@code validate}. Secrets are masked. */
public final class ConfigurationReport {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SPECIAL = Pattern.compile("[=!#\n]");
    private static final String RULE = "-".repeat(22);

    private final CheckedConfiguration checked;
    private final Configuration configuration;

    /** A report on this configuration. */
    public ConfigurationReport(CheckedConfiguration checked) {
        this.checked = checked;
        this.configuration = checked.configuration();
    }

    /**
     * Values, one {@code key = value} a line.
     *
     * @param which all that are in effect, or those that are no defaults
     * @param origins whether each is followed by where it comes from
     */
    public String show(Printout which, boolean origins) {
        StringBuilder text = new StringBuilder();
        lines(which).forEach((key, line) -> {
            text.append(key).append(" = ").append(escaped(line.value()));
            if (origins) {
                text.append("    # ").append(line.origin());
            }
            text.append('\n');
        });
        return text.toString();
    }

    /**
     * Every value that is in effect, one {@code key = value} a line in HOCON, so that a line can be copied into a file; secrets
     * are masked. Empty lists and absent values are left out, as by the Python agent.
     */
    public String hocon(String version) {
        StringBuilder text = new StringBuilder();
        heading(version, List.of())
                .forEach(line -> text.append("# ").append(line).append('\n'));
        assign(new Masking(configuration).mask(effective(Printout.ALL)), "", text);
        return text.toString();
    }

    private static void assign(Node node, String key, StringBuilder text) {
        switch (node) {
            case Node.Null _ -> {}
            case Node.Group group ->
                group.members()
                        .forEach((name, member) ->
                                assign(member, key.isEmpty() ? quoted(name) : key + "." + quoted(name), text));
            case Node.Sequence list when list.elements().isEmpty() -> {}
            case Node.Sequence _, Node.Scalar _ ->
                text.append(key).append(" = ").append(Json.line(node)).append('\n');
        }
    }

    /** A name in quotes unless it is one that can stand without. */
    private static String quoted(String name) {
        StringBuilder quoted = new StringBuilder();
        if (PLAIN_NAME.matcher(name).matches()) {
            return name;
        }
        Json.quote(name, quoted);
        return quoted.toString();
    }

    /**
     * What the console of a task begins with, under the heading that the Python agent prints: as many values as {@link
     * PrintoutSettings#TASK_PRINTOUT} says. Without any value there is no heading either.
     */
    public List<String> heading(String version) {
        Printout printout = configuration.get(PrintoutSettings.TASK_PRINTOUT);
        List<String> values = lines(printout).entrySet().stream()
                .map(line -> line.getKey() + " = " + escaped(line.getValue().value()))
                .toList();
        if (values.isEmpty()) {
            return List.of();
        }
        return heading(version, values);
    }

    private List<String> heading(String version, List<String> values) {
        String location = configuration.files().isEmpty()
                ? "None"
                : configuration.files().getLast().toString();
        List<String> heading = new ArrayList<>(
                List.of("Current configuration (clearml_agent v" + version + ", location: " + location + "):", RULE));
        heading.addAll(values);
        return heading;
    }

    /** Line ends and the marks that a properties file gives a meaning are preceded by a backslash. */
    private static String escaped(String value) {
        return SPECIAL.matcher(value).replaceAll("\\\\$0");
    }

    private record Line(String value, Origin origin) {}

    private Map<String, Line> lines(Printout which) {
        if (which == Printout.NONE) {
            return Map.of();
        }
        Map<String, Line> lines = new TreeMap<>();
        flatten(new Masking(configuration).mask(effective(which)), "", lines);
        return lines;
    }

    private Node.Group effective(Printout which) {
        Node.Group effective = configuration.effective();
        for (ResolvedSetting<?> reading : configuration.readings().values()) {
            if (which == Printout.ALL && !reading.isSet()) {
                Optional<Node> value = PrintableValue.node(reading.setting(), reading.value(), reading.origin());
                if (value.isPresent()) {
                    effective = effective.with(reading.setting().key(), value.get());
                }
            }
        }
        return effective;
    }

    private static void flatten(Node node, String key, Map<String, Line> lines) {
        switch (node) {
            case Node.Scalar scalar -> lines.put(key, new Line(scalar.text(), scalar.origin()));
            case Node.Null _ -> {}
            case Node.Sequence list -> {
                for (int i = 0; i < list.elements().size(); i++) {
                    flatten(list.elements().get(i), key + "." + i, lines);
                }
            }
            case Node.Group group ->
                group.members()
                        .forEach((name, member) -> flatten(member, key.isEmpty() ? name : key + "." + name, lines));
        }
    }

    /** Everything that is wrong, one problem a line, and how much it is. */
    public String validate(List<Problem> more) {
        List<Problem> all =
                Stream.concat(checked.problems().stream(), more.stream()).toList();
        StringBuilder text = new StringBuilder();
        List<String> counts = new ArrayList<>();
        for (Problem.Severity severity : Problem.Severity.values()) {
            List<Problem> those = all.stream()
                    .filter(problem -> problem.severity() == severity)
                    .toList();
            those.forEach(problem ->
                    text.append(name(severity)).append(": ").append(problem).append('\n'));
            if (severity != Problem.Severity.NOTICE || !those.isEmpty()) {
                counts.add(those.size() + " " + name(severity) + (those.size() == 1 ? "" : "s"));
            }
        }
        String files = configuration.files().isEmpty()
                ? "no configuration file"
                : configuration.files().stream().map(Object::toString).collect(Collectors.joining(", "));
        return text.append(files)
                .append(": ")
                .append(String.join(", ", counts))
                .append('\n')
                .toString();
    }

    private static String name(Problem.Severity severity) {
        return severity == Problem.Severity.NOTICE ? "note" : severity.name().toLowerCase(Locale.ROOT);
    }

    /** The value of one key, one element of a list a line; empty when there is no such key. Secrets are masked. */
    public Optional<List<String>> value(String key) {
        Map<String, Line> lines = lines(Printout.ALL);
        if (lines.containsKey(key)) {
            return Optional.of(List.of(lines.get(key).value()));
        }
        List<String> below = lines.entrySet().stream()
                .filter(line -> line.getKey().startsWith(key + "."))
                .map(line -> line.getKey().substring(key.length() + 1).matches("[0-9]+")
                        ? line.getValue().value()
                        : line.getKey() + " = " + line.getValue().value())
                .toList();
        return below.isEmpty() && !configuration.readings().containsKey(key) ? Optional.empty() : Optional.of(below);
    }
}
