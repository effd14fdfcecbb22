// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.config.CheckedConfiguration;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.Declarations;
import ml.clear.agent.runtime.config.LoadedConfiguration;
import ml.clear.agent.runtime.config.Problem;
import ml.clear.agent.runtime.config.RuntimeSettings;
import ml.clear.agent.runtime.config.SelectionCheck;
import ml.clear.agent.runtime.config.Vocabulary;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.environment.RemoteSettings;
import ml.clear.agent.runtime.job.JobSettings;
import ml.clear.agent.runtime.launch.LaunchSettings;
import ml.clear.agent.runtime.launch.RunSettings;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginChecks;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.storage.StorageSettings;
import ml.clear.agent.runtime.worker.DaemonSettings;

/**
 * Checks the configuration against the settings of the agent and of all plugins, when the result is first asked for. Safe
 * for several threads.
 */
public final class ConfigurationCheck {

    private final AgentPlugins plugins;
    private final Redactor redactor;
    private final Lazy<CheckedConfiguration> result;
    private final Lazy<Configuration> usable = new Lazy<>(this::makeUsable);
    private volatile Predicate<Problem> needed = _ -> true;

    ConfigurationCheck(ConfigurationSources sources, AgentPlugins plugins, Redactor redactor) {
        this.plugins = plugins;
        this.redactor = redactor;
        this.result = new Lazy<>(() -> of(sources.loaded()));
    }

    /**
     * Errors in other parts of the configuration do not matter to this command. Called before the configuration is first
     * asked for.
     *
     * @param matters whether an error keeps the command from working
     */
    public void needs(Predicate<Problem> matters) {
        needed = matters;
    }

    /**
     * A subcommand of a plugin needs the settings of its plugin and those of folders and servers; errors elsewhere are not
     * its own.
     */
    public void needsForPluginCommand(String name) {
        Set<String> own = plugins.all().stream()
                .map(InstalledPlugin::contributions)
                .filter(offered -> offered.subcommands().stream()
                        .anyMatch(command -> command.name().equals(name)))
                .flatMap(offered -> offered.settings().stream())
                .map(Setting::key)
                .collect(Collectors.toSet());
        FolderSettings.all().forEach(setting -> own.add(setting.key()));
        needs(problem -> problem.key().isEmpty()
                || own.contains(problem.key())
                || problem.key().startsWith("api."));
    }

    /** The configuration with everything that is wrong in it. */
    public CheckedConfiguration result() {
        return result.get();
    }

    /** The configuration, its secrets registered for the redactor; {@code CONFIGURATION_INVALID} with all errors otherwise. */
    Configuration usable() {
        return usable.get();
    }

    /** An error for each selected plugin that is not registered. */
    public List<Problem> selectionProblems() {
        return new SelectionCheck(
                        plugins.names(Contributions::packageManagers),
                        plugins.names(Contributions::executors),
                        plugins.names(Contributions::credentialProviders))
                .problems(result().configuration());
    }

    /** Check other sources. */
    CheckedConfiguration of(LoadedConfiguration loaded) {
        List<Declarations> declarations = new ArrayList<>();
        declarations.add(runtimeDeclarations());
        for (InstalledPlugin plugin : plugins.all()) {
            declarations.add(
                    new Declarations(plugin.id(), plugin.contributions().settings()));
        }
        CheckedConfiguration checked = loaded.check(declarations, Vocabulary.all(), plugins.ineffectiveKeys());
        for (PluginChecks.Finding finding : PluginChecks.run(plugins.all(), checked.configuration())) {
            checked = checked.with(
                    finding.error() ? Problem.Severity.ERROR : Problem.Severity.WARNING,
                    finding.setting(),
                    finding.text());
        }
        return checked;
    }

    /** What the agent itself declares. */
    static Declarations runtimeDeclarations() {
        List<Setting<?>> more = new ArrayList<>();
        more.addAll(FolderSettings.all());
        more.addAll(EnvironmentSettings.all());
        more.addAll(RemoteSettings.all());
        more.addAll(JobSettings.all());
        more.addAll(RunSettings.all());
        more.addAll(LaunchSettings.all());
        more.addAll(DaemonSettings.all());
        more.addAll(StorageSettings.all());
        return RuntimeSettings.declarations(more);
    }

    private Configuration makeUsable() {
        Configuration configuration = result().orThrow(needed);
        redactor.registerAll(configuration.secrets());
        return configuration;
    }
}
