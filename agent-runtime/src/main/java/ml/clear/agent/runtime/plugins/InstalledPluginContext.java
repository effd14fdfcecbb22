// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.ToolStore;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.Secrets;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.vcs.RepositoryAccess;

/** What one plugin is given: the shared, narrowed to its own settings and folders. Folders are made when asked for. */
record InstalledPluginContext(
        String id,
        Settings settings,
        Path pluginFolder,
        SharedPluginContext shared,
        Function<String, Executor> executors,
        Function<String, PackageManager> packageManagers)
        implements PluginContext {

    @Override
    public CommandRunner commands() {
        return shared.commands();
    }

    @Override
    public Network network() {
        return shared.network();
    }

    @Override
    public Secrets secrets() {
        return shared.secrets();
    }

    @Override
    public RepositoryAccess repositories() {
        return shared.repositories();
    }

    @Override
    public ServerAccess server() {
        return shared.server();
    }

    @Override
    public StorageAccess storage() {
        return shared.storage().get();
    }

    @Override
    public Map<String, String> environment() {
        return shared.environment();
    }

    @Override
    public InstantSource clock() {
        return shared.clock();
    }

    @Override
    public Path stateFolder() {
        return ownFolder(shared.stateFolder());
    }

    @Override
    public Path cacheFolder() {
        return ownFolder(shared.cacheFolder());
    }

    /** A name that no plugin can have. */
    @Override
    public ToolStore tools() {
        return new ToolStore(shared.cacheFolder().resolve(".tools"), shared.clock());
    }

    @Override
    public PackageManager packageManager(String name) {
        return packageManagers.apply(name);
    }

    @Override
    public Executor executor(String name) {
        return executors.apply(name);
    }

    @Override
    public List<String> agentCommand() {
        return shared.agentCommand();
    }

    private Path ownFolder(Path all) {
        Path own = all.resolve(id);
        try {
            OwnerOnly.createFolders(own);
            OwnerOnly.restrict(own); // one that was there before
            return own;
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make the folder '" + own + "' of plugin '" + id + "'; check its permissions and free space",
                    e);
        }
    }
}
