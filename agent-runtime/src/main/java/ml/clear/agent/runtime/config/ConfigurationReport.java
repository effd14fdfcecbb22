// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.config.PrintoutSettings.Printout;
import org.jspecify.annotations.Nullable;

/** Texts about a configuration for people: {@code config show}, {@code validate} and {@code explain}. Secrets are masked. */
public final class ConfigurationReport {

    private static final Pattern SPECIAL = Pattern.compile("[=!#\n]");
    private static final int MOST_SUGGESTIONS = 5;
    private static final String RULE = "-".repeat(22);

    private final CheckedConfiguration checked;
    private final Configuration configuration;

    /** A report on this configuration. */
    public ConfigurationReport(CheckedConfiguration checked) {
        this.checked = checked;
        this.configuration = checked.configuration();
    }

    /** Every value that is in effect, one {@code key = value} a line. */
    public String show() {
        return show(false);
    }

    /** The same, each followed by where it comes from. */
    public String showWithOrigins() {
        return show(true);
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
        String location = configuration.files().isEmpty()
                ? "None"
                : configuration.files().getLast().toString();
        List<String> heading = new ArrayList<>(
                List.of("Current configuration (clearml_agent v" + version + ", location: " + location + "):", RULE));
        heading.addAll(values);
        return heading;
    }

    private String show(boolean origins) {
        StringBuilder text = new StringBuilder();
        lines(Printout.ALL).forEach((key, line) -> {
            text.append(key).append(" = ").append(escaped(line.value()));
            if (origins) {
                text.append("    # ").append(line.origin());
            }
            text.append('\n');
        });
        return text.toString();
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
        Node.Group effective = configuration.effective();
        for (Reading<?> reading : configuration.readings().values()) {
            if (which == Printout.ALL && !reading.isSet()) {
                Optional<Node> value = Plain.node(reading.setting(), reading.value(), reading.origin());
                if (value.isPresent()) {
                    effective = effective.with(reading.setting().key(), value.get());
                }
            }
        }
        Map<String, Line> lines = new TreeMap<>();
        flatten(new Masking(configuration).mask(effective), "", lines);
        return lines;
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

    /** Everything that is wrong, one problem a line, and how many there are. Exit with 1 when there are errors. */
    public String validate() {
        StringBuilder text = new StringBuilder();
        checked.errors().forEach(error -> text.append("error: ").append(error).append('\n'));
        checked.warnings()
                .forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        int errors = checked.errors().size();
        int warnings = checked.warnings().size();
        String files = configuration.files().isEmpty()
                ? "no configuration file"
                : String.join(
                        ", ",
                        configuration.files().stream().map(Object::toString).toList());
        return text.append(files)
                .append(": ")
                .append(count(errors, "error"))
                .append(", ")
                .append(count(warnings, "warning"))
                .append('\n')
                .toString();
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** What a key is: its sentence, type, default, variables, value, origin and owner; for a section, its keys. */
    public String explain(String key) {
        Reading<?> reading = configuration.readings().get(key);
        if (reading != null) {
            return explain(reading);
        }
        String section = key.isEmpty() ? "" : key + ".";
        StringBuilder text = new StringBuilder();
        for (Reading<?> inner : configuration.readings().values()) {
            if (inner.setting().key().startsWith(section)) {
                text.append(inner.setting().key())
                        .append("\n    ")
                        .append(inner.setting().description())
                        .append('\n');
            }
        }
        return text.isEmpty() ? unknown(key) : text.toString();
    }

    private String unknown(String key) {
        List<String> nearest = new NearestKey(configuration.readings().keySet()).to(key, MOST_SUGGESTIONS);
        String suggestions = nearest.isEmpty() ? "" : "; the nearest are " + String.join(", ", nearest);
        return "no setting is called '" + key + "'" + suggestions + "\n";
    }

    /** Whether there is a setting of this name, or a section. */
    public boolean knows(String key) {
        return configuration.readings().keySet().stream()
                .anyMatch(known -> known.equals(key) || key.isEmpty() || known.startsWith(key + "."));
    }

    private <T> String explain(Reading<T> reading) {
        Setting<T> setting = reading.setting();
        StringBuilder text = new StringBuilder(setting.key()).append('\n');
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"type", setting.type().name()});
        rows.add(new String[] {
            "default", setting.required() ? "none, it must be given" : rendered(setting, setting.defaultValue())
        });
        if (!setting.environment().isEmpty()) {
            rows.add(new String[] {"variables", String.join(", ", setting.environment())});
        }
        rows.add(new String[] {"value", rendered(setting, reading.value())});
        rows.add(new String[] {"from", reading.origin().toString()});
        rows.add(new String[] {"owner", reading.owner()});
        text.append("    ").append(setting.description()).append('\n');
        rows.forEach(row -> text.append(String.format("    %-10s %s%n", row[0], row[1])));
        for (Setting<?> member : setting.type().members()) {
            text.append("    .")
                    .append(member.key())
                    .append(" (")
                    .append(member.type().name())
                    .append("): ")
                    .append(member.description())
                    .append('\n');
        }
        return text.toString();
    }

    private static <T> String rendered(Setting<T> setting, @Nullable T value) {
        if (value == null) {
            return "none";
        }
        if (value instanceof Optional<?> optional && optional.isEmpty()) {
            return "none";
        }
        return setting.secret() ? Secret.MASK : setting.type().render(value);
    }
}
