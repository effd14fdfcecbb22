// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;
import org.jspecify.annotations.Nullable;

/** Converts parsed values, such as defaults, back into what a file could contain. Secrets are masked. */
final class PrintableValue {

    private PrintableValue() {}

    /** The node of a value; empty when there is nothing to write. */
    static Optional<Node> node(Setting<?> setting, @Nullable Object value, Origin origin) {
        return switch (value) {
            case null -> Optional.empty();
            case Optional<?> optional -> optional.flatMap(inner -> node(setting, inner, origin));
            case List<?> list -> {
                List<Node> elements = new ArrayList<>();
                list.forEach(element -> node(setting, element, origin).ifPresent(elements::add));
                yield Optional.of(new Node.Sequence(origin, elements));
            }
            case Map<?, ?> map -> {
                Map<String, Node> members = new TreeMap<>();
                map.forEach((name, member) ->
                        node(setting, member, origin).ifPresent(node -> members.put(String.valueOf(name), node)));
                yield Optional.of(new Node.Group(origin, members));
            }
            case Settings group -> {
                Map<String, Node> members = new TreeMap<>();
                for (Setting<?> member : setting.type().members()) {
                    node(member, group.get(member), origin).ifPresent(node -> members.put(member.key(), node));
                }
                yield Optional.of(new Node.Group(origin, members));
            }
            case Boolean _, Number _ -> Optional.of(Node.of(origin, value));
            case Secret _ -> Optional.of(Node.Scalar.text(origin, Secret.MASK));
            case Enum<?> constant ->
                Optional.of(Node.Scalar.text(origin, constant.name().toLowerCase(Locale.ROOT)));
            case Duration duration ->
                Optional.of(Node.Scalar.text(
                        origin,
                        duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms"));
            default -> Optional.of(Node.Scalar.text(origin, value.toString()));
        };
    }
}
