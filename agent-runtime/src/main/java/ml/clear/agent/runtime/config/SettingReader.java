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

    private final Node.Group root;
    private final Map<String, String> environment;
    private final UnknownKeyRule unknown;
    private final Consumer<Problem> problems;

    SettingReader(Node.Group root, Map<String, String> environment, Consumer<Problem> problems) {
        this(root, environment, new UnknownKeyRule(UnknownKeys.ALLOW), problems);
    }

    SettingReader(
            Node.Group root, Map<String, String> environment, UnknownKeyRule unknown, Consumer<Problem> problems) {
        this.root = root;
        this.environment = environment;
        this.unknown = unknown;
        this.problems = problems;
    }

    /** The value, or the default with a problem when what was written does not fit. */
    <T> Reading<T> read(String owner, Setting<T> setting) {
        for (String variable : setting.environment()) {
            String text = environment.getOrDefault(variable, "");
            if (!text.isBlank()) {
                return fromVariable(owner, setting, variable, text);
            }
            if (!text.isEmpty()) {
                break; // blanks have no effect, yet the aliases are not tried
            }
        }
        return root.at(setting.key())
                .map(node -> fromFile(owner, setting, node))
                .orElseGet(() -> unset(owner, setting));
    }

    private <T> Reading<T> fromVariable(String owner, Setting<T> setting, String variable, String text) {
        Origin origin = Origin.variable(variable);
        try {
            T value = setting.type().parseVariable(text);
            return new Reading<>(owner, setting, value, origin, Node.of(origin, written(value, text)));
        } catch (IllegalArgumentException e) {
            problems.accept(misfit(setting.key(), setting, Node.Scalar.text(origin, text), e));
            return unset(owner, setting);
        }
    }

    /** What stands for the value of a variable in the file that tasks read: numbers and lists as such, else the text. */
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

    private <T> Reading<T> fromFile(String owner, Setting<T> setting, Node node) {
        Object plain = plain(node, setting.type(), setting.key());
        if (plain == null) {
            return unset(owner, setting, emptied(setting), node.origin());
        }
        try {
            return new Reading<>(owner, setting, setting.type().parse(plain), node.origin(), node);
        } catch (IllegalArgumentException e) {
            problems.accept(misfit(setting.key(), setting, node, e));
            return unset(owner, setting);
        }
    }

    /** An explicit null takes the default away where the type allows absence. */
    @SuppressWarnings("unchecked") // an empty Optional is one of every type
    private static <T> T emptied(Setting<T> setting) {
        return setting.defaultValue() instanceof Optional<?> ? (T) Optional.empty() : setting.defaultValue();
    }

    private static <T> Reading<T> unset(String owner, Setting<T> setting) {
        return unset(owner, setting, setting.defaultValue(), Origin.DEFAULT);
    }

    private static <T> Reading<T> unset(String owner, Setting<T> setting, T value, Origin origin) {
        return new Reading<>(owner, setting, value, origin, null);
    }

    /** The value as a type reads it: texts, lists and maps, without nulls and without members that do not fit. */
    private @Nullable Object plain(Node node, ValueType<?> type, String key) {
        return switch (node) {
            case Node.Null _ -> null;
            case Node.Scalar scalar -> scalar.text();
            case Node.Sequence list -> {
                List<Object> elements = new ArrayList<>();
                for (int i = 0; i < list.elements().size(); i++) {
                    Object element = plain(list.elements().get(i), type, key + "." + i);
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
                            ? plain(member, type, key + "." + name)
                            : member(name, member, type.members(), key);
                    if (value != null) {
                        members.put(name, value);
                    }
                });
                yield members;
            }
        };
    }

    private @Nullable Object member(String name, Node node, List<Setting<?>> known, String key) {
        String path = key + "." + name;
        for (Setting<?> member : known) {
            if (member.key().equals(name)) {
                Object value = plain(node, member.type(), path);
                try {
                    if (value != null) {
                        member.type().parse(value);
                    }
                    return value;
                } catch (IllegalArgumentException e) {
                    problems.accept(misfit(path, member, node, e));
                    return null;
                }
            }
        }
        problems.accept(unknown.problem(
                node.origin(),
                path,
                known.stream().map(member -> key + "." + member.key()).toList()));
        return null;
    }

    private static Problem misfit(String key, Setting<?> setting, Node node, IllegalArgumentException e) {
        String value = switch (node) {
            case Node.Scalar scalar -> "'" + (setting.secret() ? Secret.MASK : scalar.text()) + "'";
            case Node.Sequence _ -> "a list";
            case Node.Group _ -> "a block";
            case Node.Null _ -> "null";
        };
        return Problem.error(node.origin(), key + " is " + value + "; " + e.getMessage());
    }
}
