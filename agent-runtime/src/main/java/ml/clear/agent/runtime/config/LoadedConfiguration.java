// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;

/**
 * The sources of the configuration, merged and not yet checked. Immutable.
 *
 * @see ConfigurationLoader
 */
public final class LoadedConfiguration {

    private final Node.Group root;
    private final Map<String, String> environment;
    private final List<Path> files;
    private final List<Problem> problems;

    LoadedConfiguration(Node.Group root, Map<String, String> environment, List<Path> files, List<Problem> problems) {
        this.root = root;
        this.environment = environment;
        this.files = List.copyOf(files);
        this.problems = List.copyOf(problems);
    }

    /** The files that exist, the weakest first. */
    public List<Path> files() {
        return files;
    }

    /**
     * Read the values of these settings and look for everything that is wrong.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when two owners declare one key
     */
    public CheckedConfiguration check(List<Declarations> declarations, UnknownKeys unknownKeys) {
        return check(declarations, unknownKeys, List.of());
    }

    /** As {@link #check(List, UnknownKeys)}; undeclared keys among these are warnings that give the reason. */
    public CheckedConfiguration check(
            List<Declarations> declarations, UnknownKeys unknownKeys, List<IneffectiveKeys> ineffective) {
        return new ConfigurationCheck(this, declarations, new UnknownKeyRule(unknownKeys, ineffective)).check();
    }

    /**
     * The value of one setting before all declarations are known, as the plugins' folder is needed to find them. A value that
     * does not fit counts as absent; the check reports it later.
     */
    public <T> T peek(Setting<T> setting) {
        return new SettingReader(root, environment, _ -> {})
                .read("agent", setting)
                .value();
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
