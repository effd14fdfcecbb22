// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;

/**
 * Finds the plugins of some folders, starts them, and says what became of each. One that is broken stops nothing else.
 *
 * <p>pf4j gives the descriptors, the ranges of versions and the lists of what is switched off. Its plugin manager is not
 * used: see {@code docs/decisions/plugin-host.md}.
 */
public final class Pf4jPluginHost implements PluginHost {

    private final List<InstalledPlugin> plugins;
    private final Closer layers;

    private Pf4jPluginHost(List<InstalledPlugin> plugins, Closer layers) {
        this.plugins = List.copyOf(plugins);
        this.layers = layers;
    }

    /**
     * Find and start plugins.
     *
     * @param folders the folders that hold plugins, those of the distribution first; where two hold the same id, the
     *     earlier one is used. A folder that does not exist counts as empty
     * @param cache where zips are unpacked; made when needed, for this user only
     * @param apiVersion the version of the API that {@code requires} is compared with
     * @param agentSettings the settings that the agent itself declares, which no plugin may declare again
     * @throws AgentException {@code PLUGIN_UNUSABLE} when a list of disabled plugins cannot be read, since then nobody
     *     knows which to start
     */
    public static PluginHost open(
            List<Path> folders, Path cache, String apiVersion, List<? extends Setting<?>> agentSettings) {
        Versions versions = new Versions();
        Discovery discovery = new Discovery(new Descriptors(versions), new Archive(cache));
        List<Discovery.Find> finds = discovery.in(new PluginFolders(folders));
        Closer layers = new Closer();
        PluginStarter starter = new PluginStarter(
                usable(finds), SwitchLists.read(folders), versions, apiVersion, new Claims(agentSettings), layers);
        List<InstalledPlugin> plugins =
                finds.stream().map(find -> find.installed(starter::start)).toList();
        return new Pf4jPluginHost(plugins, layers);
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
    public void close() {
        layers.close();
    }
}
