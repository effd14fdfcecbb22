// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.redact.AddressPasswords;
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
        ResolvedSetting<?> reading = configuration.readings().get(name);
        if (reading != null) {
            return Optional.of(explain(reading));
        }
        return member(name).or(() -> variable(name)).or(() -> section(name));
    }

    /** What to print where nothing has this name. */
    public String unknown(String name) {
        List<String> nearest = new NearestKey(configuration.readings().keySet()).to(name, MOST_SUGGESTIONS);
        return "no setting is called '" + name + "'"
                + (nearest.isEmpty()
                        ? "; 'clearml-agent config reference' lists all"
                        : "; the nearest are " + String.join(", ", nearest));
    }

    private Optional<String> section(String name) {
        String prefix = name + ".";
        List<ResolvedSetting<?>> inner = configuration.readings().values().stream()
                .<ResolvedSetting<?>>map(reading -> reading)
                .filter(reading -> reading.setting().key().startsWith(prefix))
                .toList();
        if (inner.isEmpty()) {
            return Optional.empty();
        }
        Optional<Node> written = configuration.effective().at(name);
        List<String[]> rows = new ArrayList<>();
        rows.add(row("type", "section"));
        rows.add(row("default", "the defaults of its keys"));
        rows.add(row("variables", generalVariable(prefix + "KEY")));
        rows.add(row(
                "value",
                inner.stream().filter(ResolvedSetting::isSet).count() + " of " + inner.size() + " keys are set"));
        rows.add(row("from", written.map(Node::origin).orElse(Origin.DEFAULT).toString()));
        rows.add(row("owner", distinct(inner.stream().map(ResolvedSetting::owner))));
        rows.add(row("effect", "as its keys say"));
        StringBuilder text = new StringBuilder(text(name, "Section of the keys below", rows));
        for (ResolvedSetting<?> reading : inner) {
            text.append(reading.setting().key())
                    .append("\n    ")
                    .append(reading.setting().description())
                    .append('\n');
        }
        return Optional.of(text.toString());
    }

    /** A member of a list of groups, or an entry of a map, with or without its place in the list. */
    private Optional<String> member(String name) {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            ResolvedSetting<?> owner = configuration.readings().get(name.substring(0, dot));
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
        String effect = VariablesWithoutKey.effect(name);
        if (!effect.isEmpty()) {
            return Optional.of(name + "\n    " + effect + "\n");
        }
        String reason = VariablesWithoutEffect.reason(name);
        return reason.isEmpty() ? Optional.empty() : Optional.of(name + " has no effect: " + reason + "\n");
    }

    private static <T> String explain(Setting<T> member, ResolvedSetting<?> owner) {
        List<String[]> rows = new ArrayList<>();
        rows.add(row("type", member.type().name()));
        rows.add(row("default", defaultOf(member)));
        rows.add(row("variables", variables(owner.setting())));
        rows.add(row("value", distinct(values(member, owner.value()))));
        rows.add(row(
                "member of",
                owner.setting().key() + " (" + owner.setting().type().name() + ")"));
        rows.add(row("from", owner.origin().toString()));
        rows.add(row("owner", owner.owner()));
        rows.add(row("effect", owner.effect().summary()));
        return text(owner.setting().key() + "." + member.key(), member.description(), rows);
    }

    private <T> String explain(ResolvedSetting<T> reading) {
        Setting<T> setting = reading.setting();
        List<String[]> rows = new ArrayList<>();
        rows.add(row("type", setting.type().name()));
        rows.add(row("default", defaultOf(setting)));
        rows.add(row("variables", variables(setting)));
        rows.add(row("value", valueOf(reading)));
        rows.add(row("from", reading.origin().toString()));
        rows.add(row("owner", reading.owner()));
        rows.add(row("effect", reading.effect().summary()));
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

    private static String[] row(String name, String content) {
        return new String[] {name, content};
    }

    /** The variables that the setting declares, the strongest first, and the one that every key has. */
    private static String variables(Setting<?> setting) {
        return Stream.concat(setting.environment().stream(), Stream.of(generalVariable(setting.key())))
                .collect(Collectors.joining(", "));
    }

    private static String generalVariable(String key) {
        return PREFIXES.getFirst() + key.replace(".", "__").toUpperCase(Locale.ROOT);
    }

    /** What the entries of a list, or a group, give for one of their members. */
    private static <T> Stream<String> values(Setting<T> member, @Nullable Object value) {
        return switch (value) {
            case Optional<?> optional -> values(member, optional.orElse(null));
            case Collection<?> list -> list.stream().flatMap(element -> values(member, element));
            case Settings group
            when group.isSet(member) -> Stream.of(AddressPasswords.mask(rendered(member, group.get(member))));
            case null, default -> Stream.empty();
        };
    }

    private static String distinct(Stream<String> words) {
        String joined = words.distinct().collect(Collectors.joining(", "));
        return joined.isEmpty() ? "none" : joined;
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

    /** As its type renders it, unless a part of it is masked without being a secret by type, as in an address. */
    private <T> String valueOf(ResolvedSetting<T> reading) {
        Setting<T> setting = reading.setting();
        if (reading.value() == null || setting.secret() || !reading.isSet()) {
            return reading.value() == null ? "none" : rendered(setting, reading.value());
        }
        Node.Group effective = configuration.effective();
        Optional<Node> masked = masked().at(setting.key());
        return masked.isEmpty() || masked.equals(effective.at(setting.key()))
                ? rendered(setting, reading.value())
                : Json.line(masked.get());
    }

    private Node.Group masked() {
        return new Masking(configuration).mask(configuration.effective());
    }

    private static <T> String rendered(Setting<T> setting, T value) {
        if (value instanceof Optional<?> optional && optional.isEmpty()) {
            return "none";
        }
        return setting.secret() ? Secret.MASK : setting.type().render(value);
    }
}
