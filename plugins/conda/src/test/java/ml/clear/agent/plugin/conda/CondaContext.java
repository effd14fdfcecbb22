// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.ToolStore;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Secrets;
import ml.clear.agent.plugin.pip.PipPlugin;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;

/**
 * The surroundings of the plugin in tests: no installed client, pip limited to one folder, the real plugin pip for its part.
 *
 * @param context the surroundings otherwise
 */
record CondaContext(TestContext context) implements PluginContext {

    /** Variables under which no client is found and pip asks nothing but one folder. */
    static Map<String, String> variables(Path wheels) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("PIP_"));
        variables.keySet().removeAll(List.of("CONDA_EXE", "MAMBA_EXE", "CONDA_CHANNEL_ALIAS"));
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put("PIP_NO_INDEX", "1");
        variables.put("PIP_FIND_LINKS", wheels.toUri().toString());
        variables.put("PIP_NO_CACHE_DIR", "1");
        return variables;
    }

    static CondaContext of(TestContext context, Path wheels, TestSettings settings) {
        return new CondaContext(context.with(settings).with(variables(wheels)));
    }

    CondaContext with(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(context.environment());
        variables.putAll(more);
        return new CondaContext(context.with(variables));
    }

    /** The manager with the client that the agent brings, which all tests share. */
    CondaPackageManager manager() {
        return new CondaPackageManager(this, SharedRattler::python);
    }

    @Override
    public PackageManager packageManager(String name) {
        return new PipPlugin()
                .packageManagers().stream()
                        .filter(factory -> factory.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .create(context);
    }

    @Override
    public Settings settings() {
        return context.settings();
    }

    @Override
    public CommandRunner commands() {
        return context.commands();
    }

    @Override
    public Network network() {
        return context.network();
    }

    @Override
    public Secrets secrets() {
        return context.secrets();
    }

    @Override
    public Map<String, String> environment() {
        return context.environment();
    }

    @Override
    public InstantSource clock() {
        return context.clock();
    }

    @Override
    public Path stateFolder() {
        return context.stateFolder();
    }

    @Override
    public Path cacheFolder() {
        return context.cacheFolder();
    }

    @Override
    public ToolStore tools() {
        return context.tools();
    }

    @Override
    public Path pluginFolder() {
        return context.pluginFolder();
    }

    @Override
    public List<String> agentCommand() {
        return context.agentCommand();
    }
}
