// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.runtime.config.IneffectiveKeys;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.TrustedKeys;
import ml.clear.agent.runtime.plugins.install.PluginFolder;
import ml.clear.agent.runtime.plugins.install.PluginLock;
import ml.clear.agent.runtime.plugins.pf4j.Pf4jPluginHost;

/** The plugins, found when they are first asked for, and the folders they come from. Safe for several threads. */
public final class AgentPlugins {

    private final ConfigurationSources sources;
    private final Path bundled;
    private final Lazy<PluginHost> host;

    AgentPlugins(ConfigurationSources sources, AgentProcess agentProcess, AgentOptions options, Closer closer) {
        this.sources = sources;
        this.bundled = agentProcess.bundledPlugins();
        this.host = new Lazy<>(() -> closer.own(Pf4jPluginHost.open(
                PluginHostRequest.builder(agentProcess.version(), sources.peek(FolderSettings.STATE))
                        .bundled(bundled)
                        .installed(sources.peek(FolderSettings.PLUGINS))
                        .agentSettings(ConfigurationCheck.runtimeDeclarations().settings())
                        .agentWords(options.ownWords())
                        .trustedKeys(trustedKeys())
                        .build())));
    }

    /** Every plugin that was found. */
    public List<InstalledPlugin> all() {
        return host.get().plugins();
    }

    /** The plugins that did not come with the agent. */
    public List<InstalledPlugin> installed() {
        return all().stream()
                .filter(plugin -> !plugin.origin().startsWith(bundled))
                .toList();
    }

    /** The options that plugins contribute to the commands that run tasks. */
    public List<ExecutorOption> executorOptions() {
        return all().stream()
                .flatMap(plugin -> plugin.contributions().executorOptions().stream())
                .toList();
    }

    /** The names of all contributions of one kind. */
    <T> List<String> names(Function<Contributions, List<Factory<T>>> kind) {
        return all().stream()
                .flatMap(plugin -> kind.apply(plugin.contributions()).stream())
                .map(Factory::name)
                .toList();
    }

    /** The keys of plugins that cannot be used, with the reasons. */
    List<IneffectiveKeys> ineffectiveKeys() {
        return host.get().absentSettings().stream()
                .map(absent -> new IneffectiveKeys(absent.keys(), absent.reason()))
                .toList();
    }

    /** The folder that commands install plugins into: the first one that the configuration names. */
    public PluginFolder folder() {
        return new PluginFolder(folders().getFirst(), sources.peek(FolderSettings.STATE), trustedKeys());
    }

    /** What has changed in the plugins folders since it was installed, one line each. */
    public List<String> changes() {
        return folders().stream()
                .flatMap(folder -> PluginLock.read(folder).differences().stream())
                .toList();
    }

    /** The Maven repositories that plugins are installed from. */
    public List<URI> repositories() {
        return sources.peek(FolderSettings.MAVEN_REPOSITORIES);
    }

    private List<Path> folders() {
        List<Path> folders = sources.peek(FolderSettings.PLUGINS);
        if (folders.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID, "agent.plugins.folders names no folder; name one to install into");
        }
        return folders;
    }

    private TrustedKeys trustedKeys() {
        return TrustedKeys.read(sources.peek(FolderSettings.TRUSTED_KEYS));
    }
}
