// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.redact.AddressPasswords;
import org.jspecify.annotations.Nullable;

/**
 * Hides secrets before a configuration is printed.
 *
 * <p>Declared keys are hidden by their type. Undeclared keys, and the keys of free sections, are hidden by their names,
 * with the patterns of {@code agent.sanitize_config_printout}; patterns that the file sets hide declared keys too.
 * Passwords in addresses are hidden everywhere, values of secret variables in arguments for docker.
 */
final class Masking {

    private static final Pattern SECRET_NAME =
            Pattern.compile("secret|passw|token|account_?key|api_?key|credential", Pattern.CASE_INSENSITIVE);

    private final Configuration configuration;
    private final List<Pattern> hidden;
    private final List<Pattern> hiddenBelow;
    private final List<Pattern> shown;
    private final boolean namesDecide;
    private final List<Pattern> dockerArguments;
    private final DockerArguments docker;

    Masking(Configuration configuration) {
        this.configuration = configuration;
        this.hidden = patterns(PrintoutSettings.HIDE_SECRETS);
        this.hiddenBelow = patterns(PrintoutSettings.HIDE_SECRETS_RECURSIVE);
        this.shown = patterns(PrintoutSettings.DONT_HIDE_SECRETS);
        this.namesDecide = configuration.readings().containsKey(PrintoutSettings.HIDE_SECRETS.key())
                && configuration.isSet(PrintoutSettings.HIDE_SECRETS);
        this.dockerArguments = value(PrintoutSettings.HIDE_IN_DOCKER_COMMANDS)
                ? patterns(PrintoutSettings.DOCKER_COMMANDS)
                : List.of();
        this.docker = new DockerArguments(value(PrintoutSettings.HIDDEN_DOCKER_VARIABLES));
    }

    /** A setting that this configuration may lack, as in the first look before plugins are known. */
    private <T> T value(Setting<T> setting) {
        return configuration.readings().containsKey(setting.key())
                ? configuration.get(setting)
                : setting.defaultValue();
    }

    private List<Pattern> patterns(Setting<List<String>> setting) {
        List<Pattern> patterns = new ArrayList<>();
        for (String pattern : value(setting)) {
            try {
                patterns.add(Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                patterns.add(Pattern.compile(Pattern.quote(pattern)));
            }
        }
        return patterns;
    }

    /** The whole configuration with every secret replaced. */
    Node.Group mask(Node.Group root) {
        return members(root, "", null);
    }

    private Node.Group members(Node.Group group, String prefix, @Nullable Setting<?> within) {
        Map<String, Node> masked = new TreeMap<>();
        group.members().forEach((name, node) -> masked.put(name, member(name, node, prefix + name, within)));
        return new Node.Group(group.origin(), masked);
    }

    private Node member(String name, Node node, String key, @Nullable Setting<?> within) {
        Setting<?> declared = within == null ? declared(key) : memberOf(within, name);
        boolean named = matches(hidden, name) && !matches(shown, name);
        if (declared != null ? declared.secret() || (namesDecide && named) : named) {
            return covered(node);
        }
        if (matches(hiddenBelow, name)) {
            return below(node);
        }
        if (matches(dockerArguments, name) && !(node instanceof Node.Group)) {
            return arguments(node);
        }
        return inside(node, key, declared != null ? declared : within);
    }

    private Node inside(Node node, String key, @Nullable Setting<?> declared) {
        return switch (node) {
            case Node.Group group -> members(group, key + ".", declared);
            case Node.Sequence list ->
                new Node.Sequence(
                        list.origin(),
                        list.elements().stream()
                                .map(element -> inside(element, key, declared))
                                .toList());
            case Node.Scalar(Origin origin, String text, String _) ->
                Node.Scalar.text(origin, AddressPasswords.mask(text));
            case Node.Scalar _, Node.Null _ -> node;
        };
    }

    private Node arguments(Node node) {
        List<String> masked =
                docker.mask(words(node)).stream().map(AddressPasswords::mask).toList();
        return switch (node) {
            case Node.Sequence list
            when masked.size() == list.elements().size() ->
                new Node.Sequence(
                        list.origin(),
                        IntStream.range(0, masked.size())
                                .<Node>mapToObj(i ->
                                        Node.Scalar.text(list.elements().get(i).origin(), masked.get(i)))
                                .toList());
            case Node.Scalar _ -> Node.Scalar.text(node.origin(), masked.getFirst());
            default -> node;
        };
    }

    /** The texts of a list of texts, or the one text. */
    private static List<String> words(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> List.of(scalar.text());
            case Node.Sequence list ->
                list.elements().stream()
                        .filter(Node.Scalar.class::isInstance)
                        .map(element -> ((Node.Scalar) element).text())
                        .toList();
            case Node.Group _, Node.Null _ -> List.of();
        };
    }

    private static Node covered(Node node) {
        return node instanceof Node.Null
                        || (node instanceof Node.Scalar scalar && scalar.text().isEmpty())
                ? node
                : Node.Scalar.text(node.origin(), Secret.MASK);
    }

    private static Node below(Node node) {
        if (!(node instanceof Node.Group group)) {
            return covered(node);
        }
        Map<String, Node> masked = new TreeMap<>();
        group.members().forEach((name, member) -> masked.put(name, below(member)));
        return new Node.Group(group.origin(), masked);
    }

    private static boolean matches(List<Pattern> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
    }

    private @Nullable Setting<?> declared(String key) {
        ResolvedSetting<?> reading = configuration.readings().get(key);
        return reading == null ? null : reading.setting();
    }

    private static @Nullable Setting<?> memberOf(Setting<?> setting, String name) {
        return setting.type().members().stream()
                .filter(member -> member.key().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Add the texts of undeclared keys whose names indicate a secret, and the secrets in arguments for docker. */
    void secretsWithoutType(Node.Group root, List<Secret> secrets) {
        collect(root, "", false, secrets);
        collectFromArguments(root, secrets);
    }

    private void collectFromArguments(Node.Group group, List<Secret> secrets) {
        group.members().forEach((name, member) -> {
            if (matches(dockerArguments, name)) {
                docker.secrets(words(member), secrets::add);
            } else if (member instanceof Node.Group inner) {
                collectFromArguments(inner, secrets);
            }
        });
    }

    private void collect(Node node, String key, boolean secret, List<Secret> secrets) {
        switch (node) {
            case Node.Group group ->
                group.members().forEach((name, member) -> {
                    String path = key.isEmpty() ? name : key + "." + name;
                    if (declared(path) == null) {
                        collect(member, path, secret || looksSecret(name), secrets);
                    }
                });
            case Node.Sequence list -> list.elements().forEach(element -> collect(element, key, secret, secrets));
            case Node.Scalar scalar -> {
                if (secret && !scalar.text().isEmpty()) {
                    secrets.add(Secret.of(scalar.text()));
                }
            }
            case Node.Null _ -> {}
        }
    }

    static boolean looksSecret(String name) {
        return SECRET_NAME.matcher(name).find();
    }
}
