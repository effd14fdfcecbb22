// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Explains keys: what they do, their type, default, value, where the value comes from, who owns them and what they change.
 * Knows sections, the members of lists and groups, and variables. Secrets are masked.
 */
public final class ConfigurationExplanation {

    private static final int MOST_SUGGESTIONS = 5;
    private static final List<String> PREFIXES = List.of("CLEARML_AGENT__", "CLEARML__");

    private final Configuration configuration;

    /** Explanations of this configuration. */
    public ConfigurationExplanation(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The text about a key, a section, a member or a variable; empty when nothing has this name. */
    public Optional<String> of(String name) {
        Reading<?> reading = configuration.readings().get(name);
        if (reading != null) {
            return Optional.of(explain(reading));
        }
        return member(name).or(() -> variable(name)).or(() -> section(name));
    }

    /** What to print where nothing has this name. */
    public String unknown(String name) {
        List<String> nearest = new NearestKey(configuration.readings().keySet()).to(name, MOST_SUGGESTIONS);
        return "no setting is called '" + name + "'"
                + (nearest.isEmpty() ? "" : "; the nearest are " + String.join(", ", nearest));
    }

    private Optional<String> section(String name) {
        String section = name.isEmpty() ? "" : name + ".";
        StringBuilder text = new StringBuilder();
        for (Reading<?> inner : configuration.readings().values()) {
            if (inner.setting().key().startsWith(section)) {
                text.append(inner.setting().key())
                        .append("\n    ")
                        .append(inner.setting().description())
                        .append('\n');
            }
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }

    /** A member of a list of groups, or an entry of a map, with or without its place in the list. */
    private Optional<String> member(String name) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            Reading<?> owner = configuration.readings().get(name.substring(0, dot));
            if (owner != null) {
                String member = name.substring(dot + 1).replaceFirst("^[0-9]+\\.", "");
                List<Setting<?>> members = owner.setting().type().members();
                if (members.isEmpty()) {
                    return owner.setting().type().name().startsWith("map") || owner.value() instanceof Map<?, ?>
                            ? Optional.of(explain(owner))
                            : Optional.empty();
                }
                return members.stream()
                        .filter(setting -> setting.key().equals(member))
                        .findFirst()
                        .map(setting -> explain(setting, owner));
            }
        }
        return Optional.empty();
    }

    private Optional<String> variable(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                return of(name.substring(prefix.length()).replace("__", ".").toLowerCase(Locale.ROOT));
            }
        }
        Map<String, String> found = new TreeMap<>();
        configuration.readings().forEach((key, reading) -> {
            if (reading.setting().environment().contains(name)) {
                found.put(key, explain(reading));
            }
        });
        if (!found.isEmpty()) {
            return Optional.of(name + " sets\n" + String.join("", found.values()));
        }
        String reason = VariablesWithoutEffect.reason(name);
        return reason.isEmpty() ? Optional.empty() : Optional.of(name + " has no effect: " + reason + "\n");
    }

    private static <T> String explain(Setting<T> member, Reading<?> owner) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"type", member.type().name()});
        rows.add(new String[] {"default", defaultOf(member)});
        rows.add(new String[] {
            "member of", owner.setting().key() + " (" + owner.setting().type().name() + ")"
        });
        rows.add(new String[] {"from", owner.origin().toString()});
        rows.add(new String[] {"owner", owner.owner()});
        rows.add(new String[] {"effect", owner.effect().summary()});
        return text(owner.setting().key() + "." + member.key(), member.description(), rows);
    }

    private static <T> String explain(Reading<T> reading) {
        Setting<T> setting = reading.setting();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"type", setting.type().name()});
        rows.add(new String[] {"default", defaultOf(setting)});
        if (!setting.environment().isEmpty()) {
            rows.add(new String[] {"variables", String.join(", ", setting.environment())});
        }
        rows.add(new String[] {"value", valueOf(setting, reading.value())});
        rows.add(new String[] {"from", reading.origin().toString()});
        rows.add(new String[] {"owner", reading.owner()});
        rows.add(new String[] {"effect", reading.effect().summary()});
        StringBuilder text = new StringBuilder(text(setting.key(), setting.description(), rows));
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

    private static String text(String key, String description, List<String[]> rows) {
        StringBuilder text =
                new StringBuilder(key).append("\n    ").append(description).append('\n');
        rows.forEach(row -> text.append(String.format("    %-10s %s%n", row[0], row[1])));
        return text.toString();
    }

    private static <T> String defaultOf(Setting<T> setting) {
        return setting.required() ? "none, it must be given" : rendered(setting, setting.defaultValue());
    }

    private static <T> String valueOf(Setting<T> setting, @Nullable T value) {
        return value == null ? "none" : rendered(setting, value);
    }

    private static <T> String rendered(Setting<T> setting, T value) {
        if (value instanceof Optional<?> optional && optional.isEmpty()) {
            return "none";
        }
        return setting.secret() ? Secret.MASK : setting.type().render(value);
    }
}
