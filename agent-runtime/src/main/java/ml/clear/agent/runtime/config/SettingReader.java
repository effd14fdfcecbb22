// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueType;
import ml.clear.agent.api.secret.Secret;
import org.jspecify.annotations.Nullable;

/** Reads the value of one setting: its variables first, then the files, then its default. */
final class SettingReader {

    private static final String SDK = "sdk.";
    private static final List<String> OWN_VARIABLES = List.of("CLEARML_", "TRAINS_");

    private final Node.Group root;
    private final Map<String, String> environment;
    private final Consumer<Problem> problems;

    SettingReader(Node.Group root, Map<String, String> environment, Consumer<Problem> problems) {
        this.root = root;
        this.environment = environment;
        this.problems = problems;
    }

    /** The value, or the default with a problem when what was written does not fit. */
    <T> ResolvedSetting<T> read(String owner, Setting<T> setting, Effect effect) {
        for (String variable : setting.environment()) {
            String text = environment.getOrDefault(variable, "");
            if (!text.isBlank()) {
                Optional<ResolvedSetting<T>> reading = fromVariable(owner, setting, effect, variable, text);
                if (reading.isPresent()) {
                    return reading.get();
                }
            } else if (!text.isEmpty()) {
                break; // blanks have no effect, yet the aliases are not tried
            }
        }
        return root.at(setting.key())
                .map(node -> fromFile(owner, setting, effect, node))
                .orElseGet(() -> unset(owner, setting, effect));
    }

    /** Empty when the text of a variable that other programs read too does not fit: it must not stop the agent. */
    private <T> Optional<ResolvedSetting<T>> fromVariable(
            String owner, Setting<T> setting, Effect effect, String variable, String text) {
        Origin origin = Origin.variable(variable);
        try {
            T value = GuardedParse.of(owner, () -> setting.type().parseVariable(text));
            return Optional.of(new ResolvedSetting<>(
                    owner, setting, effect, value, origin, Node.of(origin, written(value, text))));
        } catch (IllegalArgumentException e) {
            boolean own = OWN_VARIABLES.stream().anyMatch(variable::startsWith);
            Problem.Severity severity = own ? severity(setting.key(), effect) : Problem.Severity.WARNING;
            problems.accept(misfit(severity, setting.key(), setting, Node.Scalar.text(origin, text), e));
            return own ? Optional.of(unset(owner, setting, effect)) : Optional.empty();
        }
    }

    /**
     * The value of a variable as it is written to the tasks' configuration: numbers and lists as such, else the text.
     */
    private static Object written(@Nullable Object value, String text) {
        return switch (value) {
            case Optional<?> optional -> written(optional.orElse(null), text);
            case Boolean truth -> truth;
            case Number number -> number;
            case List<?> list ->
                list.stream()
                        .map(element -> element instanceof Secret secret ? secret.reveal() : element)
                        .toList();
            case null, default -> text;
        };
    }

    private <T> ResolvedSetting<T> fromFile(String owner, Setting<T> setting, Effect effect, Node node) {
        Object plain = plain(node, setting.type(), setting.key(), new Reader(owner, effect));
        if (plain == null) {
            return unset(owner, setting, effect, emptied(setting), node.origin());
        }
        try {
            return new ResolvedSetting<>(
                    owner,
                    setting,
                    effect,
                    GuardedParse.of(owner, () -> setting.type().parse(plain)),
                    node.origin(),
                    node);
        } catch (IllegalArgumentException e) {
            if (!plain.equals("")) {
                problems.accept(misfit(severity(setting.key(), effect), setting.key(), setting, node, e));
            }
            return unset(owner, setting, effect);
        }
    }

    /** A value that the agent does not read itself cannot keep it from working. */
    private static Problem.Severity severity(String key, Effect effect) {
        return effect instanceof Effect.Used && !key.startsWith(SDK)
                ? Problem.Severity.ERROR
                : Problem.Severity.WARNING;
    }

    /** An explicit null takes the default away where the type allows absence. */
    @SuppressWarnings("unchecked") // an empty Optional is one of every type
    private static <T> @Nullable T emptied(Setting<T> setting) {
        return setting.required() || !(setting.defaultValue() instanceof Optional<?>)
                ? defaultOf(setting)
                : (T) Optional.empty();
    }

    private static <T> ResolvedSetting<T> unset(String owner, Setting<T> setting, Effect effect) {
        return unset(owner, setting, effect, defaultOf(setting), Origin.DEFAULT);
    }

    private static <T> @Nullable T defaultOf(Setting<T> setting) {
        return setting.required() ? null : setting.defaultValue();
    }

    private static <T> ResolvedSetting<T> unset(
            String owner, Setting<T> setting, Effect effect, @Nullable T value, Origin origin) {
        return new ResolvedSetting<>(owner, setting, effect, value, origin, null);
    }

    /** The value as a type reads it: texts, lists and maps, without nulls and without members that do not fit. */
    private @Nullable Object plain(Node node, ValueType<?> type, String key, Reader reader) {
        return switch (node) {
            case Node.Null _ -> null;
            case Node.Scalar scalar -> scalar.text();
            case Node.Sequence list -> {
                List<Object> elements = new ArrayList<>();
                for (int i = 0; i < list.elements().size(); i++) {
                    Object element = plain(list.elements().get(i), type, key + "." + i, reader);
                    if (element != null) {
                        elements.add(element);
                    }
                }
                yield elements;
            }
            case Node.Group group -> {
                Map<String, Object> members = new LinkedHashMap<>();
                group.members().forEach((name, member) -> {
                    Object value = type.members().isEmpty()
                            ? plain(member, type, key + "." + name, reader)
                            : member(name, member, type.members(), key, reader);
                    if (value != null) {
                        members.put(name, value);
                    }
                });
                yield members;
            }
        };
    }

    private @Nullable Object member(String name, Node node, List<Setting<?>> known, String key, Reader reader) {
        String path = key + "." + name;
        for (Setting<?> member : known) {
            if (member.key().equals(name)) {
                return fitting(member, node, path, reader);
            }
        }
        problems.accept(UnknownKeyRule.problem(
                node.origin(),
                path,
                known.stream().map(member -> key + "." + member.key()).toList()));
        return null;
    }

    private @Nullable Object fitting(Setting<?> member, Node node, String path, Reader reader) {
        Object value = plain(node, member.type(), path, reader);
        try {
            if (value != null) {
                GuardedParse.of(reader.owner(), () -> member.type().parse(value));
            }
            return value;
        } catch (IllegalArgumentException e) {
            if (!"".equals(value)) {
                problems.accept(misfit(severity(path, reader.effect()), path, member, node, e));
            }
            return null;
        }
    }

    private static Problem misfit(
            Problem.Severity severity, String key, Setting<?> setting, Node node, IllegalArgumentException e) {
        String value = switch (node) {
            case Node.Scalar scalar -> "'" + (setting.secret() ? Secret.MASK : scalar.text()) + "'";
            case Node.Sequence _ -> "a list";
            case Node.Group _ -> "a block";
            case Node.Null _ -> "null";
        };
        return Problem.value(severity, node.origin(), key, key + " is " + value + "; " + verdict(setting, node, e));
    }

    /** The message of the type, which may contain the value. */
    private static String verdict(Setting<?> setting, Node node, IllegalArgumentException e) {
        String verdict = String.valueOf(e.getMessage());
        return setting.secret()
                        && node instanceof Node.Scalar scalar
                        && !scalar.text().isEmpty()
                ? verdict.replace(scalar.text(), Secret.MASK)
                : verdict;
    }

    /** Who reads a setting, and to what end. */
    private record Reader(String owner, Effect effect) {}
}
