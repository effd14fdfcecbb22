// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.util.List;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.SettingsCheck;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.api.vcs.VersionControl;

/**
 * A plugin: declares what it contributes and does no work. Found by {@link java.util.ServiceLoader}; needs a public
 * constructor without arguments.
 *
 * <p>The methods are called at the start, from one thread, and must be quick: they load no library and open nothing.
 * Work begins when a {@link Factory} is asked for an instance.
 */
@Stability.Incubating(since = "0.1")
public interface AgentPlugin {

    /** The settings that this plugin reads. A key that another plugin or the agent declares too is an error. */
    default List<Setting<?>> settings() {
        return List.of();
    }

    /**
     * Check the settings of this plugin against each other. Called whenever a configuration is read; single values are
     * checked by their types. Must return quickly: no files, no network.
     */
    default void check(SettingsCheck check) {}

    /** Package managers, selected by {@code agent.package_manager.type}. */
    default List<Factory<PackageManager>> packageManagers() {
        return List.of();
    }

    /** Executors, selected by {@code agent.executor.type} or by options of the command line. */
    default List<Factory<Executor>> executors() {
        return List.of();
    }

    /** Options of the command line that select an executor of this plugin and set its settings. */
    default List<ExecutorOption> executorOptions() {
        return List.of();
    }

    /** Version control systems, selected by the address of the repository. */
    default List<Factory<VersionControl>> versionControls() {
        return List.of();
    }

    /** Providers of credentials for repositories, asked in the order of {@code agent.vcs_credentials}. */
    default List<Factory<VcsCredentialProvider>> credentialProviders() {
        return List.of();
    }

    /** Storage backends, selected by the scheme of a URL. */
    default List<StorageFactory> storageBackends() {
        return List.of();
    }

    /** Services that the agent can start beside itself. */
    default List<Factory<BackgroundService>> backgroundServices() {
        return List.of();
    }

    /** Subcommands of the command line. */
    default List<Subcommand> subcommands() {
        return List.of();
    }
}
