// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginRepository;

/** Reads the descriptors of all plugins. No class of theirs is loaded. */
final class Discovery {

    private final Descriptors descriptors;
    private final Archive archive;
    private final Consumer<Path> trust;

    /**
     * A discovery.
     *
     * @param trust is given each jar, zip and folder, and throws when it must not be used
     */
    Discovery(Descriptors descriptors, Archive archive, Consumer<Path> trust) {
        this.descriptors = descriptors;
        this.archive = archive;
        this.trust = trust;
    }

    /** What a repository holds, in its order; ids are unique among the usable ones. */
    List<Find> in(PluginRepository repository) {
        Map<String, Discovered> byId = new LinkedHashMap<>();
        List<Find> finds = new ArrayList<>();
        for (Path origin : repository.getPluginPaths()) {
            finds.add(find(origin, byId));
        }
        return finds;
    }

    private Find find(Path origin, Map<String, Discovered> byId) {
        try {
            Discovered plugin = describe(origin);
            Discovered earlier = byId.putIfAbsent(plugin.id(), plugin);
            return earlier == null ? new Find.Usable(plugin) : new Find.Refused(duplicate(plugin, earlier));
        } catch (AgentException e) {
            return new Find.Refused(new InstalledPlugin(
                    String.valueOf(origin.getFileName()),
                    InstalledPlugin.UNKNOWN_VERSION,
                    "",
                    origin,
                    new PluginStatus.Failed(Reasons.of(e))));
        }
    }

    /** Read the descriptor of one jar, zip or folder; throws when it is no plugin. */
    Discovered describe(Path origin) {
        PluginPath.requireReadable(origin);
        trust.accept(origin);
        Path home = origin.toString().endsWith(".zip") ? archive.unpack(origin) : origin;
        return new Discovered(descriptors.read(home), origin, home);
    }

    private static InstalledPlugin duplicate(Discovered plugin, Discovered earlier) {
        PluginDescriptor other = earlier.descriptor();
        return plugin.with(new PluginStatus.Failed("its id is in use by version " + other.getVersion() + " in "
                + earlier.origin() + "; remove one of the two"));
    }

    /** Something in a plugins folder. */
    sealed interface Find {

        /** The plugin with its status; {@code start} is applied to a plugin that can be started. */
        InstalledPlugin installed(Function<Discovered, PluginStatus> start);

        /** A plugin that may be started. */
        record Usable(Discovered plugin) implements Find {
            @Override
            public InstalledPlugin installed(Function<Discovered, PluginStatus> start) {
                return plugin.with(start.apply(plugin));
            }
        }

        /** One that cannot. */
        record Refused(InstalledPlugin plugin) implements Find {
            @Override
            public InstalledPlugin installed(Function<Discovered, PluginStatus> start) {
                return plugin;
            }
        }
    }
}
