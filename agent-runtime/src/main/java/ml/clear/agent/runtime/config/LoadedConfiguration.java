// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ml.clear.agent.api.config.Setting;

/**
 * The sources of the configuration, merged and not yet checked. Immutable.
 *
 * @see ConfigurationLoader
 */
public final class LoadedConfiguration {

    private final Node.Group root;
    private final Map<String, String> environment;
    private final List<Path> candidates;
    private final List<Path> files;
    private final List<Problem> problems;
    private final SourceTexts texts;

    LoadedConfiguration(
            Node.Group root,
            Map<String, String> environment,
            List<Path> candidates,
            List<Path> files,
            List<Problem> problems,
            SourceTexts texts) {
        this.root = root;
        this.environment = environment;
        this.candidates = List.copyOf(candidates);
        this.files = List.copyOf(files);
        this.problems = List.copyOf(problems);
        this.texts = texts;
    }

    /** The texts that were read, from which the same configuration can be loaded again. */
    public SourceTexts texts() {
        return texts;
    }

    /** Every file that would be read if it existed, or was read. */
    public Set<Path> watched() {
        Set<Path> all = new TreeSet<>(texts.files());
        candidates.forEach(file -> all.add(file.toAbsolutePath()));
        return all;
    }

    /** Whether nothing is set, neither in files nor by variables that name a key. */
    public boolean isEmpty() {
        return root.members().isEmpty();
    }

    /** The files that are looked for, the weakest first. */
    public List<Path> candidates() {
        return candidates;
    }

    /** The files that exist, the weakest first. */
    public List<Path> files() {
        return files;
    }

    /**
     * Read the values of these settings and look for everything that is wrong.
     *
     * @param vocabulary keys that may be set although none of the declarations has them
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when two owners declare one key
     */
    public CheckedConfiguration check(List<Declarations> declarations, List<KnownKey> vocabulary) {
        return check(declarations, vocabulary, List.of());
    }

    /** As {@link #check(List, List)}; undeclared keys among these have no effect for the reason given. */
    public CheckedConfiguration check(
            List<Declarations> declarations, List<KnownKey> vocabulary, List<IneffectiveKeys> ineffective) {
        return new ConfigurationCheck(this, declarations, vocabulary, ineffective).check();
    }

    /**
     * The value of one setting before all declarations are known, as the plugins' folder is needed to find them. A value that
     * does not fit counts as absent; the check reports it later.
     */
    public <T> T peek(Setting<T> setting) {
        T value = new SettingReader(root, environment, _ -> {})
                .read(RuntimeSettings.OWNER, setting, new Effect.Used())
                .value();
        return value == null ? setting.defaultValue() : value;
    }

    Node.Group root() {
        return root;
    }

    Map<String, String> environment() {
        return environment;
    }

    List<Problem> problems() {
        return problems;
    }
}
