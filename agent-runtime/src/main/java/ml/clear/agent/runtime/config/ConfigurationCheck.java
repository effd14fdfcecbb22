// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Reads all settings and collects everything that is wrong, so that it is mended in one go. */
final class ConfigurationCheck {

    /** Sections whose keys are the user's own, or of the Python agent's logging library. */
    private static final Set<String> FREE = Set.of("environment", "files", "logging", "env");

    private final LoadedConfiguration loaded;
    private final List<Declarations> declarations;
    private final UnknownKeyRule unknown;
    private final List<Problem> problems;
    private final Map<String, Reading<?>> readings = new TreeMap<>();
    private final Set<String> sections = new HashSet<>(FREE);

    ConfigurationCheck(LoadedConfiguration loaded, List<Declarations> declarations, UnknownKeyRule unknown) {
        this.loaded = loaded;
        this.declarations = declarations;
        this.unknown = unknown;
        this.problems = new ArrayList<>(loaded.problems());
    }

    CheckedConfiguration check() {
        List<String> conflicts = Declarations.conflicts(declarations);
        if (!conflicts.isEmpty()) {
            throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, String.join("\n", conflicts));
        }
        SettingReader reader = new SettingReader(loaded.root(), loaded.environment(), unknown, problems::add);
        Node.Group effective = loaded.root();
        for (Declarations part : declarations) {
            for (Setting<?> setting : part.settings()) {
                Reading<?> reading = reader.read(part.owner(), setting);
                readings.put(setting.key(), reading);
                addSections(setting.key());
                Node node = reading.node();
                if (node != null && loaded.root().at(setting.key()).orElse(null) != node) {
                    effective = effective.with(setting.key(), node);
                }
            }
        }
        findUnknown(loaded.root(), "");
        problems.sort(Comparator.comparing((Problem problem) -> problem.origin().source())
                .thenComparing(problem -> problem.origin().line()));
        return new CheckedConfiguration(new Configuration(readings, effective, loaded), problems);
    }

    private void addSections(String key) {
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            if (!sections.add(key.substring(0, dot))) {
                return;
            }
        }
    }

    private void findUnknown(Node.Group group, String prefix) {
        group.members().forEach((name, node) -> {
            String key = prefix + name;
            if (readings.containsKey(key) || FREE.contains(key) || node instanceof Node.Null) {
                return;
            }
            if (!sections.contains(key)) {
                Set<String> known = new HashSet<>(readings.keySet());
                known.addAll(sections);
                problems.add(unknown.problem(node.origin(), key, known));
            } else if (node instanceof Node.Group section) {
                findUnknown(section, key + ".");
            } else {
                problems.add(Problem.error(
                        node.origin(),
                        "'" + key + "' is a section with keys of its own, not a single value; write " + key
                                + " { … }"));
            }
        });
    }
}
