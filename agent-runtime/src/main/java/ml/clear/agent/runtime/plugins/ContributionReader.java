// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.SettingsCheck;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.StorageFactory;

/**
 * Asks the providers of a plugin, once, for everything that the agent later needs to know without running the plugin: names,
 * schemes, settings. What is wrong with an answer names the method that gave it.
 */
final class ContributionReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    private final List<AgentPlugin> providers;

    ContributionReader(List<AgentPlugin> providers) {
        this.providers = providers;
    }

    Contributions read() {
        return new Contributions(
                settings(),
                factories("packageManagers", "package manager", AgentPlugin::packageManagers),
                factories("executors", "executor", AgentPlugin::executors),
                all("executorOptions", AgentPlugin::executorOptions),
                factories("versionControls", "version control", AgentPlugin::versionControls),
                factories("credentialProviders", "credential provider", AgentPlugin::credentialProviders),
                storageBackends(),
                factories("backgroundServices", "background service", AgentPlugin::backgroundServices),
                all("subcommands", AgentPlugin::subcommands),
                providers.stream()
                        .<Consumer<SettingsCheck>>map(provider -> provider::check)
                        .toList());
    }

    private List<Setting<?>> settings() {
        List<Setting<?>> settings = all("settings", AgentPlugin::settings);
        settings.forEach(ContributionReader::tryType);
        return settings;
    }

    /** What reports ask of a type; a type that fails would stop every report of the configuration. */
    private static <T> void tryType(Setting<T> setting) {
        String what = "the type of setting '" + setting.key() + "'";
        answer(what, () -> setting.type().name());
        answer(what, () -> setting.type().members());
        answer(what, () -> setting.type().secret());
        if (!setting.required()) {
            answer(what, () -> setting.type().render(setting.defaultValue()));
        }
    }

    private <T> List<Factory<T>> factories(
            String method, String kind, Function<AgentPlugin, List<Factory<T>>> contributed) {
        List<Factory<T>> named = new ArrayList<>();
        for (Factory<T> factory : all(method, contributed)) {
            named.add(new NamedFactory<>(name(kind, factory), factory));
        }
        return named;
    }

    private List<StorageFactory> storageBackends() {
        List<StorageFactory> named = new ArrayList<>();
        for (StorageFactory factory : all("storageBackends", AgentPlugin::storageBackends)) {
            NamedStorageFactory storage = new NamedStorageFactory(
                    name("storage", factory), answer("StorageFactory.schemes()", factory::schemes), factory);
            storage.schemes().forEach(scheme -> {
                if (!SCHEME.matcher(scheme).matches()) {
                    throw refused("it contributes storage scheme '" + scheme
                            + "', and a scheme starts with a lower-case letter and has no others than lower-case ones,"
                            + " digits, '+', '.' and '-'");
                }
            });
            named.add(storage);
        }
        return named;
    }

    private static String name(String kind, Factory<?> factory) {
        String name = answer("Factory.name()", factory::name);
        if (!NAME.matcher(name).matches()) {
            throw refused("it contributes " + Contributions.title(kind, ExceptionSummary.oneLine(name))
                    + ", and a name has lower-case words joined by dashes");
        }
        return name;
    }

    private <T> List<T> all(String method, Function<AgentPlugin, ? extends Collection<? extends T>> kind) {
        List<T> all = new ArrayList<>();
        for (AgentPlugin provider : providers) {
            answer(method + "()", () -> List.<T>copyOf(present(kind.apply(provider))))
                    .forEach(all::add);
        }
        return all;
    }

    private static <T> T answer(String method, Supplier<T> question) {
        try {
            return present(question.get());
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw e instanceof AgentException known ? known : new FailedMethod(method, e);
        }
    }

    private static <T> T present(T answer) {
        return Objects.requireNonNull(answer, "it returned null");
    }

    private static AgentException refused(String cause) {
        return new AgentException(
                ErrorCode.PLUGIN_UNUSABLE, cause + "; install a version of the plugin that works, or remove it");
    }
}
