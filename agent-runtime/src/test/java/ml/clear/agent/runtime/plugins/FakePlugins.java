// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.vcs.RepositoryAccess;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.TestSettings;

/** Plugins without jars, and shared that do nothing. */
final class FakePlugins {

    private FakePlugins() {}

    static InstalledPlugin started(String id, AgentPlugin plugin) {
        return started(id, plugin, FakePlugins.class.getClassLoader());
    }

    static InstalledPlugin started(String id, AgentPlugin plugin, ClassLoader loader) {
        return plugin(
                id, new PluginStatus.Started(Contributions.of(List.of(plugin)), Path.of("/plugins/" + id), loader));
    }

    static InstalledPlugin failed(String id, String reason) {
        return plugin(id, new PluginStatus.Failed(reason));
    }

    static InstalledPlugin plugin(String id, PluginStatus status) {
        return new InstalledPlugin(id, "1.0.0", "", Path.of("/plugins/" + id), status);
    }

    static SharedPluginContext shared(Path folder) {
        return new SharedPluginContext(
                TestSettings.defaults(),
                new NoCommands(),
                new DirectNetwork(),
                secret -> {},
                RepositoryAccess.NONE,
                ServerAccess.NONE,
                () -> StorageAccess.NONE,
                Map.of("HOME", "/home/ci"),
                () -> Instant.EPOCH,
                folder.resolve("state"),
                folder.resolve("cache"),
                List.of("clearml-agent"));
    }

    private record NoCommands() implements CommandRunner {
        @Override
        public CommandResult run(Command command) {
            throw new AssertionError("nothing should run: " + command);
        }

        @Override
        public CommandResult run(Command command, Console console) {
            return run(command);
        }
    }
}
