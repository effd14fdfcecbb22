// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.runtime.lifecycle.Closer;

/**
 * Finds what plugins contribute by name, and makes each instance once, when it is first asked for. Owns what it made.
 * Safe for several threads.
 *
 * <p>Looking up a name that is not registered throws an {@link AgentException} {@code PLUGIN_UNUSABLE} that lists the
 * registered names, and explains why a plugin that may be the wanted one failed. Anything else that a plugin throws,
 * while creating an instance or later in that instance, is wrapped in an {@link AgentException} that names the plugin.
 */
public final class PluginRegistry implements AutoCloseable {

    private final List<InstalledPlugin> plugins;
    private final SharedPluginContext shared;
    private final IdentityHashMap<Factory<?>, Object> made = new IdentityHashMap<>();
    private final Set<Factory<?>> inMaking = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Closer closer = new Closer();

    /** A registry of these plugins; plugins that were not started are only used in error messages. */
    public PluginRegistry(List<InstalledPlugin> plugins, SharedPluginContext shared) {
        this.plugins = List.copyOf(plugins);
        this.shared = shared;
    }

    /** The package manager of this name. */
    public PackageManager packageManager(String name) {
        return select(PackageManager.class, "package manager", Contributions::packageManagers, name);
    }

    /** The executor of this name. */
    public Executor executor(String name) {
        return select(Executor.class, "executor", Contributions::executors, name);
    }

    /** The version control system of this name. */
    public VersionControl versionControl(String name) {
        return select(VersionControl.class, "version control", Contributions::versionControls, name);
    }

    /** All version control systems, in the order of the plugins. */
    public List<VersionControl> versionControls() {
        return all(VersionControl.class, Contributions::versionControls);
    }

    /** The provider of credentials of this name. */
    public VcsCredentialProvider credentialProvider(String name) {
        return select(VcsCredentialProvider.class, "credential provider", Contributions::credentialProviders, name);
    }

    /** The names of the registered providers of credentials, in the order of the plugins. */
    public List<String> credentialProviderNames() {
        return names(Contributions::credentialProviders);
    }

    /** The storage for URLs of a scheme, in any case; closed with the registry. */
    public StorageBackend storage(String scheme) {
        String wanted = scheme.toLowerCase(Locale.ROOT);
        return offers(Contributions::storageBackends)
                .filter(offer -> offer.factory().schemes().contains(wanted))
                .findFirst()
                .map(offer -> make(StorageBackend.class, offer))
                .orElseThrow(() -> new UnknownName("storage scheme", wanted, storageSchemes()).exception(plugins));
    }

    /** The background service of this name. */
    public BackgroundService backgroundService(String name) {
        return select(BackgroundService.class, "background service", Contributions::backgroundServices, name);
    }

    /** All background services, in the order of the plugins. */
    public List<BackgroundService> backgroundServices() {
        return all(BackgroundService.class, Contributions::backgroundServices);
    }

    /** The subcommands of all plugins, in their order. */
    public List<PluginCommand> subcommands() {
        return plugins.stream()
                .flatMap(plugin -> plugin.contributions().subcommands().stream()
                        .map(command -> PluginCommand.of(
                                plugin, command, context(plugin), edge(plugin), () -> requireSettings(plugin))))
                .toList();
    }

    /** The problem of each plugin that may have a subcommand of this name but was not started. */
    public List<String> problemsBehindSubcommand(String name) {
        return new UnknownName("subcommand", name, List.of()).suspects(plugins).toList();
    }

    /** The names of the registered package managers, in the order of the plugins. */
    public List<String> packageManagerNames() {
        return names(Contributions::packageManagers);
    }

    /** The names of the registered executors, in the order of the plugins. */
    public List<String> executorNames() {
        return names(Contributions::executors);
    }

    /**
     * Make everything that one plugin contributes, and ask each instance what the contract suites ask and needs no fixture.
     *
     * @param step is given the title of each instance before it is made
     */
    public List<Trial> makeAll(InstalledPlugin plugin, Consumer<String> step) {
        List<Trial> trials = new ArrayList<>();
        Contributions offered = plugin.contributions();
        offered.packageManagers()
                .forEach(f -> trials.add(trial(PackageManager.class, "package manager", plugin, f, step)));
        offered.executors().forEach(f -> trials.add(trial(Executor.class, "executor", plugin, f, step)));
        offered.versionControls()
                .forEach(f -> trials.add(trial(VersionControl.class, "version control", plugin, f, step)));
        offered.credentialProviders()
                .forEach(f -> trials.add(trial(VcsCredentialProvider.class, "credential provider", plugin, f, step)));
        offered.storageBackends().forEach(f -> trials.add(trial(StorageBackend.class, "storage", plugin, f, step)));
        offered.backgroundServices()
                .forEach(f -> trials.add(trial(BackgroundService.class, "background service", plugin, f, step)));
        return trials;
    }

    private <T> Trial trial(
            Class<T> type, String kind, InstalledPlugin plugin, Factory<T> factory, Consumer<String> step) {
        String title = Contributions.title(kind, factory.name());
        step.accept(title);
        try {
            T instance = make(type, new Offer<>(plugin, factory));
            return new Trial(title, ContractProbe.problem(instance).orElse(""));
        } catch (AgentException e) {
            return new Trial(title, e.getMessage());
        }
    }

    /**
     * Check that plugins offer what the configuration selects, without making any of it.
     *
     * @throws AgentException {@code PLUGIN_UNUSABLE} naming what is offered in place of the first unknown name
     */
    public void requireOffered(String executor, String packageManager, List<String> credentialProviders) {
        require("executor", Contributions::executors, executor, "agent.executor.type");
        require("package manager", Contributions::packageManagers, packageManager, "agent.package_manager.type");
        credentialProviders.forEach(name ->
                require("credential provider", Contributions::credentialProviders, name, "agent.vcs_credentials"));
    }

    private <T> void require(
            String kind, Function<Contributions, List<Factory<T>>> contributions, String name, String key) {
        List<String> names = names(contributions);
        if (!names.contains(name)) {
            throw new UnknownName(kind, name, names, key).exception(plugins);
        }
    }

    /** Close what was made and can be closed. */
    @Override
    public void close() {
        closer.close();
    }

    private <T> T select(
            Class<T> type, String kind, Function<Contributions, List<Factory<T>>> contributions, String name) {
        return offers(contributions)
                .filter(offer -> offer.factory().name().equals(name))
                .findFirst()
                .map(offer -> make(type, offer))
                .orElseThrow(() -> new UnknownName(kind, name, names(contributions)).exception(plugins));
    }

    private <T> List<T> all(Class<T> type, Function<Contributions, List<Factory<T>>> contributions) {
        return offers(contributions).map(offer -> make(type, offer)).toList();
    }

    private <T> List<String> names(Function<Contributions, List<Factory<T>>> contributions) {
        return offers(contributions).map(offer -> offer.factory().name()).toList();
    }

    private List<String> storageSchemes() {
        return offers(Contributions::storageBackends)
                .flatMap(offer -> offer.factory().schemes().stream().sorted())
                .toList();
    }

    /** An instance is made under the lock, so that two threads never make two. */
    private synchronized <T> T make(Class<T> type, Offer<? extends Factory<T>> offer) {
        Factory<T> factory = offer.factory();
        Object existing = made.get(factory);
        if (existing != null) {
            return type.cast(existing);
        }
        requireSettings(offer.plugin());
        if (!inMaking.add(factory)) {
            throw new AgentException(
                    ErrorCode.PLUGIN_UNUSABLE,
                    offer.plugin().label() + " makes '" + factory.name() + "' of itself; report it to its author");
        }
        try {
            return make(type, offer, factory);
        } finally {
            inMaking.remove(factory);
        }
    }

    private <T> T make(Class<T> type, Offer<? extends Factory<T>> offer, Factory<T> factory) {
        PluginCall edge = edge(offer.plugin());
        PluginContext context = context(offer.plugin());
        T instance = edge.run(
                "making '" + factory.name() + "'",
                () -> Objects.requireNonNull(factory.create(context), "the factory returned null"));
        T guarded = GuardedInstance.of(type, instance, edge);
        made.put(factory, guarded);
        if (guarded instanceof AutoCloseable closeable) {
            closer.own(closeable);
        }
        return guarded;
    }

    private void requireSettings(InstalledPlugin plugin) {
        List<String> missing = plugin.contributions().settings().stream()
                .filter(setting -> setting.required() && !shared.settings().isSet(setting))
                .map(setting -> setting.key() + " (" + setting.description() + ")")
                .toList();
        if (!missing.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    plugin.label() + " needs " + String.join(", ", missing)
                            + "; set it in clearml.conf, 'clearml-agent config explain' says more");
        }
    }

    private <F extends Factory<?>> Stream<Offer<F>> offers(Function<Contributions, List<F>> contributions) {
        return plugins.stream()
                .flatMap(plugin -> contributions.apply(plugin.contributions()).stream()
                        .map(factory -> new Offer<>(plugin, factory)));
    }

    private PluginContext context(InstalledPlugin plugin) {
        return new InstalledPluginContext(
                plugin.id(),
                new OwnSettings(shared.settings(), foreignKeys(plugin)),
                started(plugin).folder(),
                shared,
                this::executor,
                this::packageManager);
    }

    private static PluginCall edge(InstalledPlugin plugin) {
        return new PluginCall(plugin, started(plugin).loader());
    }

    private Set<String> foreignKeys(InstalledPlugin reader) {
        return plugins.stream()
                .filter(plugin -> !plugin.id().equals(reader.id()))
                .flatMap(plugin -> plugin.contributions().settings().stream())
                .map(Setting::key)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static PluginStatus.Started started(InstalledPlugin plugin) {
        if (plugin.status() instanceof PluginStatus.Started started) {
            return started;
        }
        throw new IllegalStateException(plugin.label() + " was not started");
    }

    /** A factory and whose it is. */
    private record Offer<F>(InstalledPlugin plugin, F factory) {}
}
