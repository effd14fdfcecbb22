// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Reads all settings and collects everything that is wrong, so that it is corrected in one go. */
final class ConfigurationCheck {

    /** Sections whose keys are the user's own, or of the Python agent's logging library. */
    static final Set<String> FREE = Set.of("environment", "files", "logging", "env");

    private final LoadedConfiguration loaded;
    private final List<Declarations> declarations;
    private final List<KnownKey> vocabulary;
    private final List<IneffectiveKeys> ineffective;
    private final List<Problem> problems;
    private final Map<String, ResolvedSetting<?>> readings = new TreeMap<>();
    private final Set<String> sections = new HashSet<>(FREE);

    ConfigurationCheck(
            LoadedConfiguration loaded,
            List<Declarations> declarations,
            List<KnownKey> vocabulary,
            List<IneffectiveKeys> ineffective) {
        this.loaded = loaded;
        this.declarations = declarations;
        this.vocabulary = vocabulary;
        this.ineffective = ineffective;
        this.problems = new ArrayList<>(loaded.problems());
    }

    CheckedConfiguration check() {
        List<String> conflicts = Declarations.conflicts(declarations);
        if (!conflicts.isEmpty()) {
            throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, String.join("\n", conflicts));
        }
        SettingReader reader = new SettingReader(loaded.root(), loaded.environment(), problems::add);
        for (Declarations part : declarations) {
            part.settings().forEach(setting -> put(reader.read(part.owner(), setting, new Effect.Used())));
        }
        Set<String> owned = Set.copyOf(readings.keySet());
        Set<String> ownedSections = Set.copyOf(sections);
        for (KnownKey known : vocabulary) {
            if (!isOwned(known.setting().key(), owned, ownedSections)) {
                put(reader.read(RuntimeSettings.OWNER, known.setting(), known.effect()));
            }
        }
        readings.values().forEach(this::reportMissingEffect);
        VariablesWithoutEffect.in(loaded.environment()).forEach(problems::add);
        findUnknown(loaded.root(), "");
        problems.sort(Comparator.comparing((Problem problem) -> problem.origin().source())
                .thenComparing(problem -> problem.origin().line()));
        return new CheckedConfiguration(new Configuration(readings, effective(), loaded), problems);
    }

    private void put(ResolvedSetting<?> reading) {
        readings.put(reading.setting().key(), reading);
        addSections(reading.setting().key());
    }

    /** Whether the key, one above it or one below it has an owner. */
    private static boolean isOwned(String key, Set<String> owned, Set<String> ownedSections) {
        if (owned.contains(key) || ownedSections.contains(key)) {
            return true;
        }
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            if (owned.contains(key.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    private void addSections(String key) {
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            if (!sections.add(key.substring(0, dot))) {
                return;
            }
        }
    }

    private void reportMissingEffect(ResolvedSetting<?> reading) {
        String key = reading.setting().key();
        String message = switch (reading.effect()) {
            case Effect.Used _, Effect.PassedOn _ -> "";
            case Effect.OfPlugin(String plugin) -> key + " has no effect: plugin '" + plugin + "' would read it";
            case Effect.None(String reason) -> key + " has no effect: " + reason;
            case Effect.Retired(String advice) -> key + " has no effect any more: " + advice;
        };
        if (!message.isEmpty() && reading.expectsEffect()) {
            problems.add(Problem.effect(Problem.Severity.NOTICE, reading.origin(), key, message));
        }
    }

    /** What files set, with the values of variables in their places. */
    private Node.Group effective() {
        Node.Group effective = loaded.root();
        for (ResolvedSetting<?> reading : readings.values()) {
            Node node = reading.node();
            String key = reading.setting().key();
            if (node != null && loaded.root().at(key).orElse(null) != node) {
                effective = effective.with(key, node);
            }
        }
        return effective;
    }

    private void findUnknown(Node.Group group, String prefix) {
        group.members().forEach((name, node) -> {
            String key = prefix + name;
            if (readings.containsKey(key) || FREE.contains(key) || isAbsent(node)) {
                return;
            }
            if (!sections.contains(key)) {
                problems.add(undeclared(node.origin(), key));
            } else if (node instanceof Node.Group section) {
                findUnknown(section, key + ".");
            } else {
                problems.add(Problem.value(
                        Problem.Severity.WARNING,
                        node.origin(),
                        key,
                        "'" + key + "' is a section with its own keys, not a single value; write " + key + " { … }"));
            }
        });
    }

    private Problem undeclared(Origin origin, String key) {
        Set<String> known = new TreeSet<>(readings.keySet());
        known.addAll(sections);
        return ineffective.stream()
                .filter(keys -> keys.cover(key))
                .findFirst()
                .map(keys -> Problem.effect(
                        Problem.Severity.WARNING, origin, key, "'" + key + "' has no effect: " + keys.reason()))
                .orElseGet(() -> UnknownKeyRule.problem(origin, key, known));
    }

    private static boolean isAbsent(Node node) {
        return node instanceof Node.Null
                || (node instanceof Node.Scalar scalar && scalar.text().isEmpty());
    }
}
