// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.api.storage.StorageAccess;

/**
 * What a plugin gets from the agent, for tests: real programs, folders below one of the test's own.
 *
 * @param folder where the folders of the plugin are made
 * @param settings the values of settings
 * @param environment the variables that the plugin sees as the agent's
 * @param commands runs programs
 * @param network how to reach others
 * @param secrets what the plugin registered as secret
 * @param server the ClearML server
 * @param storage objects in stores
 * @param clock the time
 * @param packageManagers the package managers that other plugins register
 * @param neighbours other plugins, whose executors and package managers can be asked for
 */
public record TestContext(
        Path folder,
        Settings settings,
        Map<String, String> environment,
        CommandRunner commands,
        Network network,
        RecordedSecrets secrets,
        ServerAccess server,
        StorageAccess storage,
        InstantSource clock,
        Map<String, PackageManager> packageManagers,
        List<AgentPlugin> neighbours)
        implements PluginContext {

    /** Copies the collections. */
    public TestContext {
        environment = Map.copyOf(environment);
        packageManagers = Map.copyOf(packageManagers);
        neighbours = List.copyOf(neighbours);
    }

    /** Default settings, the variables of this process, real programs, no proxies, the system's time. */
    public static TestContext in(Path folder) {
        return new TestContext(
                folder,
                TestSettings.defaults(),
                System.getenv(),
                new ProcessCommandRunner(System.getenv()),
                new DirectNetwork(),
                new RecordedSecrets(),
                ServerAccess.NONE,
                StorageAccess.NONE,
                InstantSource.system(),
                Map.of(),
                List.of());
    }

    /** The same with other settings. */
    public TestContext with(Settings other) {
        return new TestContext(
                folder,
                other,
                environment,
                commands,
                network,
                secrets,
                server,
                storage,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same with other variables, for the plugin and for the programs that it runs. */
    public TestContext with(Map<String, String> variables) {
        return new TestContext(
                folder,
                settings,
                variables,
                new ProcessCommandRunner(variables),
                network,
                secrets,
                server,
                storage,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same with another runner of programs. */
    public TestContext with(CommandRunner runner) {
        return new TestContext(
                folder,
                settings,
                environment,
                runner,
                network,
                secrets,
                server,
                storage,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same in another network. */
    public TestContext with(Network other) {
        return new TestContext(
                folder,
                settings,
                environment,
                commands,
                other,
                secrets,
                server,
                storage,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same with a ClearML server. */
    public TestContext with(ServerAccess other) {
        return new TestContext(
                folder,
                settings,
                environment,
                commands,
                network,
                secrets,
                other,
                storage,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same with objects in stores. */
    public TestContext with(StorageAccess other) {
        return new TestContext(
                folder,
                settings,
                environment,
                commands,
                network,
                secrets,
                server,
                other,
                clock,
                packageManagers,
                neighbours);
    }

    /** The same with a package manager of another plugin. */
    public TestContext with(String name, PackageManager manager) {
        Map<String, PackageManager> more = new HashMap<>(packageManagers);
        more.put(name, manager);
        return new TestContext(
                folder, settings, environment, commands, network, secrets, server, storage, clock, more, neighbours);
    }

    /**
     * The same beside another plugin, such as the agent's own {@code executor-venv} for an executor that delegates to it. Each
     * question makes a new instance, as another process of the agent would have.
     */
    public TestContext with(AgentPlugin neighbour) {
        List<AgentPlugin> more =
                Stream.concat(neighbours.stream(), Stream.of(neighbour)).toList();
        return new TestContext(
                folder,
                settings,
                environment,
                commands,
                network,
                secrets,
                server,
                storage,
                clock,
                packageManagers,
                more);
    }

    @Override
    public Executor executor(String name) {
        return neighbour(AgentPlugin::executors, name).orElseGet(() -> PluginContext.super.executor(name));
    }

    @Override
    public PackageManager packageManager(String name) {
        PackageManager manager = packageManagers.get(name);
        return manager != null
                ? manager
                : neighbour(AgentPlugin::packageManagers, name)
                        .orElseGet(() -> PluginContext.super.packageManager(name));
    }

    private <T> Optional<T> neighbour(Function<AgentPlugin, List<Factory<T>>> kind, String name) {
        return neighbours.stream()
                .flatMap(plugin -> kind.apply(plugin).stream())
                .filter(factory -> factory.name().equals(name))
                .findFirst()
                .map(factory -> factory.create(this));
    }

    /** The same at another time; a lambda, where a variable of the test is the time. */
    public TestContext at(InstantSource other) {
        return new TestContext(
                folder,
                settings,
                environment,
                commands,
                network,
                secrets,
                server,
                storage,
                other,
                packageManagers,
                neighbours);
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
            throw new UncheckedIOException(e);
        }
    }
}
