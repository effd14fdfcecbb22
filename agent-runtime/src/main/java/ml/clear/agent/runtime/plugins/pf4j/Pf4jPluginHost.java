// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.plugins.AbsentSettings;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.PluginStatus;

/**
 * Finds the plugins in some folders, starts them, and reports the status of each. A broken plugin does not affect the
 * others.
 *
 * <p>pf4j gives the descriptors, the ranges of versions and the lists of what is switched off. Its plugin manager is
 * not used: see {@code docs/decisions/0003-plugin-host.md}.
 */
public final class Pf4jPluginHost implements PluginHost {

    private final List<InstalledPlugin> plugins;
    private final List<AbsentSettings> absentSettings;
    private final Closer layers;

    private Pf4jPluginHost(List<InstalledPlugin> plugins, List<AbsentSettings> absentSettings, Closer layers) {
        this.plugins = List.copyOf(plugins);
        this.absentSettings = List.copyOf(absentSettings);
        this.layers = layers;
    }

    /**
     * Find and start plugins.
     *
     * @throws AgentException {@code PLUGIN_UNUSABLE} when a list of disabled plugins cannot be read, since then it is
     *     unknown which to start
     */
    public static PluginHost open(PluginHostRequest request) {
        Versions versions = new Versions();
        Discovery discovery = discovery(versions, request.stateFolder(), origin -> {
            if (!request.isBundled(origin)) {
                request.trustedKeys().check(origin);
            }
        });
        List<Discovery.Find> finds = discovery.in(new PluginFolders(request.folders()));
        Map<String, Discovered> usable = usable(finds);
        Closer layers = new Closer();
        PluginStarter starter =
                new PluginStarter(usable, SwitchLists.read(request.folders()), versions, request, layers);
        List<InstalledPlugin> plugins =
                finds.stream().map(find -> find.installed(starter::start)).toList();
        AbsentKeys absent = new AbsentKeys(
                RememberedSettings.read(request.stateFolder().resolve("plugin-settings")), plugins, usable);
        absent.remember(request);
        return new Pf4jPluginHost(plugins, absent.all(), layers);
    }

    /**
     * Read the descriptor of a jar, zip or folder; nothing of it is started.
     *
     * @throws AgentException {@code PLUGIN_UNUSABLE} when it is no plugin
     */
    public static InstalledPlugin describe(Path file, Path stateFolder) {
        return discovery(new Versions(), stateFolder, _ -> {})
                .describe(file)
                .with(new PluginStatus.Disabled("not started"));
    }

    /** The plugins of one folder, as their descriptors say; nothing of them is started. */
    public static List<InstalledPlugin> findIn(Path folder, Path stateFolder) {
        return discovery(new Versions(), stateFolder, _ -> {}).in(new PluginFolders(List.of(folder))).stream()
                .map(find -> find.installed(_ -> new PluginStatus.Disabled("not started")))
                .toList();
    }

    /** Let a plugin try again whose last start ended the process. */
    public static void forgetFailedStart(Path stateFolder, String id) {
        StartMarks.forget(stateFolder.resolve(StartMarks.FOLDER), id);
    }

    private static Discovery discovery(Versions versions, Path stateFolder, Consumer<Path> trust) {
        return new Discovery(new Descriptors(versions), new Archive(stateFolder.resolve("unpacked-plugins")), trust);
    }

    private static Map<String, Discovered> usable(List<Discovery.Find> finds) {
        Map<String, Discovered> byId = new LinkedHashMap<>();
        for (Discovery.Find find : finds) {
            if (find instanceof Discovery.Find.Usable(Discovered plugin)) {
                byId.put(plugin.id(), plugin);
            }
        }
        return byId;
    }

    @Override
    public List<InstalledPlugin> plugins() {
        return plugins;
    }

    @Override
    public List<AbsentSettings> absentSettings() {
        return absentSettings;
    }

    @Override
    public void close() {
        layers.close();
    }
}
