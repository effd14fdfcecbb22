// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.ToolStore;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.vcs.RepositoryAccess;

/** What the agent gives to a plugin. Immutable; safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface PluginContext {

    /** The values of the settings that the plugin or the agent declares. */
    Settings settings();

    /** Runs external programs. */
    CommandRunner commands();

    /** Trust and proxies. */
    Network network();

    /**
     * The secrets that are masked in consoles, logs and messages; a plugin registers secrets that it obtains at run
     * time.
     */
    Secrets secrets();

    /** Access to repositories for programs that the plugin starts, such as pip; not for providers of credentials. */
    default RepositoryAccess repositories() {
        return RepositoryAccess.NONE;
    }

    /** The ClearML server, for backends of its files server. */
    default ServerAccess server() {
        return ServerAccess.NONE;
    }

    /** Objects in the stores of all plugins; not for storage backends themselves. */
    default StorageAccess storage() {
        return StorageAccess.NONE;
    }

    /** The environment variables of the agent, read once at its start. */
    Map<String, String> environment();

    /** The time. */
    InstantSource clock();

    /** A folder of this plugin's own for what must survive a restart; exists, for this user only. */
    Path stateFolder();

    /** A folder of this plugin's own for what may be deleted at any time; exists, for this user only. */
    Path cacheFolder();

    /**
     * The programs that plugins install once for all tasks and agents of the user; shared with the other plugins. This
     * default keeps them for this plugin alone.
     */
    default ToolStore tools() {
        return new ToolStore(cacheFolder().resolve("tools"), clock());
    }

    /** The folder of the installed plugin, with its jars; read-only. */
    Path pluginFolder();

    /**
     * An executor that a plugin registers, for executors that delegate to another one; created on the first call.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when no executor has this name
     */
    default Executor executor(String name) {
        throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, "no executor is called '" + name + "'; none is registered");
    }

    /**
     * A package manager that a plugin registers, for managers that leave a part of their work to another one, such as conda to
     * pip; created on the first call.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when no package manager has this name
     */
    default PackageManager packageManager(String name) {
        throw new AgentException(
                ErrorCode.PLUGIN_UNUSABLE, "no package manager is called '" + name + "'; none is registered");
    }

    /** The command that starts this agent again, to which arguments are added. */
    List<String> agentCommand();
}
