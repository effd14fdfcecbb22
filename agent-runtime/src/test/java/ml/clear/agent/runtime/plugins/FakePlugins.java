// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Network;

/** Plugins without jars, and surroundings that do nothing. */
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

    static PluginSurroundings surroundings(Path folder) {
        return new PluginSurroundings(
                new Defaults(),
                new NoCommands(),
                new PlainNetwork(),
                Map.of("HOME", "/home/ci"),
                () -> Instant.EPOCH,
                folder.resolve("state"),
                folder.resolve("cache"),
                List.of("clearml-agent"));
    }

    /** Every setting has its default. */
    private record Defaults() implements Settings {
        @Override
        public <T> T get(Setting<T> setting) {
            return setting.fallback();
        }

        @Override
        public boolean isSet(Setting<?> setting) {
            return false;
        }
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

    private record PlainNetwork() implements Network {
        @Override
        public SSLContext sslContext() {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public ProxySelector proxySelector() {
            return ProxySelector.of(null);
        }

        @Override
        public Optional<PasswordAuthentication> proxyCredentials(SocketAddress proxy) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }
    }
}
