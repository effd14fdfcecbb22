// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.config.ConfigurationLoader;
import ml.clear.agent.runtime.config.LoadedConfiguration;

/**
 * The sources of the configuration, read when they are first asked for, before the settings of plugins are known. Safe for
 * several threads.
 */
public final class ConfigurationSources {

    private final AgentProcess agentProcess;
    private final AgentOptions options;
    private final Lazy<LoadedConfiguration> loaded = new Lazy<>(this::read);

    ConfigurationSources(AgentProcess agentProcess, AgentOptions options) {
        this.agentProcess = agentProcess;
        this.options = options;
    }

    /** The sources as this process found them, or as the daemon that started it works with them. */
    LoadedConfiguration loaded() {
        return loaded.get();
    }

    /** The sources as they are now; what was read before stays as it is. */
    LoadedConfiguration readAgain() {
        return load(new ConfigurationLoader(variables(), agentProcess.home()));
    }

    /** The value of one setting, for what is needed before everything is checked. */
    <T> T peek(Setting<T> setting) {
        return loaded().peek(setting);
    }

    /** What options of the command line set, under the names of the variables that would. */
    public Map<String, String> optionVariables() {
        return options.variables();
    }

    /** Whether an option of the command line has selected the executor. */
    public boolean executorIsAskedFor() {
        return options.namesExecutor();
    }

    /** The file that {@code config set} changes: the named one, else the last that was read, else that of the home folder. */
    public Path file() {
        Path named = options.configFile();
        if (named != null) {
            return named;
        }
        List<Path> files = loaded().files();
        return files.isEmpty() ? loaded().candidates().getLast() : files.getLast();
    }

    private LoadedConfiguration read() {
        return load(ConfigurationInForce.inherited(agentProcess.environment())
                .map(texts -> new ConfigurationLoader(variables(), agentProcess.home(), texts))
                .orElseGet(() -> new ConfigurationLoader(variables(), agentProcess.home())));
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(agentProcess.environment());
        variables.putAll(options.variables());
        return variables;
    }

    private LoadedConfiguration load(ConfigurationLoader loader) {
        Path file = options.configFile();
        return file == null ? loader.load() : loader.load(file);
    }
}
