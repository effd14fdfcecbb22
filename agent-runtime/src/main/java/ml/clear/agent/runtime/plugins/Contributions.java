// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.SettingsCheck;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.StorageFactory;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.api.vcs.VersionControl;

/** All that one plugin offers, read from it once. */
public record Contributions(
        List<Setting<?>> settings,
        List<Factory<PackageManager>> packageManagers,
        List<Factory<Executor>> executors,
        List<ExecutorOption> executorOptions,
        List<Factory<VersionControl>> versionControls,
        List<Factory<VcsCredentialProvider>> credentialProviders,
        List<StorageFactory> storageBackends,
        List<Factory<BackgroundService>> backgroundServices,
        List<Subcommand> subcommands,
        List<Consumer<SettingsCheck>> checks) {

    /** What a plugin offers that was not started. */
    public static final Contributions NONE = of(List.of());

    /** Copies the lists. */
    public Contributions {
        settings = List.copyOf(settings);
        packageManagers = List.copyOf(packageManagers);
        executors = List.copyOf(executors);
        executorOptions = List.copyOf(executorOptions);
        versionControls = List.copyOf(versionControls);
        credentialProviders = List.copyOf(credentialProviders);
        storageBackends = List.copyOf(storageBackends);
        backgroundServices = List.copyOf(backgroundServices);
        subcommands = List.copyOf(subcommands);
        checks = List.copyOf(checks);
    }

    /**
     * Ask the providers of one plugin what they offer.
     *
     * @throws FailedMethod when one of their methods throws something or returns null
     * @throws ml.clear.agent.api.error.AgentException {@code PLUGIN_UNUSABLE} when a name is none
     */
    public static Contributions of(List<AgentPlugin> providers) {
        return new ContributionReader(providers).read();
    }

    /** Whether nothing at all is offered. */
    public boolean isEmpty() {
        return titles().isEmpty();
    }

    /**
     * Everything that must be unique among all plugins, each with its kind and its name in quotes, such as
     * {@code package manager 'pip'}.
     */
    public List<String> titles() {
        List<String> titles = new ArrayList<>();
        settings.forEach(setting -> titles.add(title("setting", setting.key())));
        features().forEach(feature -> feature.names().forEach(name -> titles.add(title(feature.kind(), name))));
        return titles;
    }

    /** For tables, such as {@code package manager pip; 4 settings}; {@code -} for nothing. */
    public String summary() {
        Stream<String> named = features()
                .filter(feature -> !feature.names().isEmpty())
                .map(feature -> feature.kind() + ' ' + String.join(", ", feature.names()));
        Stream<String> counted = switch (settings.size()) {
            case 0 -> Stream.empty();
            case 1 -> Stream.of("1 setting");
            default -> Stream.of(settings.size() + " settings");
        };
        String summary = Stream.concat(named, counted).collect(Collectors.joining("; "));
        return summary.isEmpty() ? "-" : summary;
    }

    private Stream<Feature> features() {
        return Stream.of(
                new Feature("package manager", names(packageManagers)),
                new Feature("executor", names(executors)),
                new Feature(
                        "option",
                        executorOptions.stream()
                                .flatMap(contributed -> contributed.option().names().stream())
                                .toList()),
                new Feature("version control", names(versionControls)),
                new Feature("credential provider", names(credentialProviders)),
                new Feature(
                        "storage scheme",
                        storageBackends.stream()
                                .flatMap(factory -> factory.schemes().stream().sorted())
                                .toList()),
                new Feature("background service", names(backgroundServices)),
                new Feature(
                        "subcommand", subcommands.stream().map(Subcommand::name).toList()));
    }

    /** How something that must be unique is called, such as {@code setting 'agent.x'}. */
    public static String title(String kind, String name) {
        return kind + " '" + name + "'";
    }

    private static List<String> names(List<? extends Factory<?>> factories) {
        return factories.stream().<String>map(Factory::name).toList();
    }

    private record Feature(String kind, List<String> names) {}
}
