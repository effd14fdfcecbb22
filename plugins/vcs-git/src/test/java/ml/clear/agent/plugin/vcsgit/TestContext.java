// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HashMap;
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
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;

/** A context whose folders lie in a test's folder, and whose programs are real. */
final class TestContext implements PluginContext {

    private final Path folder;
    private final Map<Setting<?>, Object> values = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>(System.getenv());
    private SSLContext trust;

    TestContext(Path folder) throws NoSuchAlgorithmException {
        this.folder = folder;
        this.trust = SSLContext.getDefault();
        with(GitSettings.CACHE_PATH, folder.resolve("vcs-cache"));
        environment.remove("HOME");
        environment.remove("XDG_CONFIG_HOME");
    }

    <T> TestContext with(Setting<T> setting, T value) {
        values.put(setting, value);
        return this;
    }

    TestContext environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    TestContext trusting(SSLContext context) {
        trust = context;
        return this;
    }

    @Override
    public Settings settings() {
        return new Settings() {
            @Override
            @SuppressWarnings("unchecked") // with() puts values of the setting's type alone
            public <T> T get(Setting<T> setting) {
                return (T) values.getOrDefault(setting, setting.fallback());
            }

            @Override
            public boolean isSet(Setting<?> setting) {
                return values.containsKey(setting);
            }
        };
    }

    @Override
    public CommandRunner commands() {
        return new CommandRunner() {
            @Override
            public CommandResult run(Command command) throws InterruptedException {
                return run(command, _ -> {});
            }

            @Override
            public CommandResult run(Command command, Console console) throws InterruptedException {
                try {
                    ProcessBuilder builder = new ProcessBuilder(command.arguments())
                            .directory(command.directory().toFile());
                    builder.environment().putAll(command.environment());
                    Process process = builder.redirectErrorStream(true).start();
                    process.getOutputStream().close();
                    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    return new CommandResult(process.waitFor(), output, output);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    @Override
    public Network network() {
        return new Network() {
            @Override
            public SSLContext sslContext() {
                return trust;
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
        };
    }

    @Override
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Path stateFolder() {
        return made("state");
    }

    @Override
    public Path cacheFolder() {
        return made("cache");
    }

    @Override
    public Path pluginFolder() {
        return made("plugin");
    }

    @Override
    public List<String> agentCommand() {
        return List.of("clearml-agent");
    }

    private Path made(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
