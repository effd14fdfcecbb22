// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.PluginScope;

/**
 * One plugin's classes: a module layer with its modules, above a loader with its libraries, above the {@link HostView}.
 *
 * <p>The layer's parents are the host's layer and those of the plugins that it depends on, so that it reads their exported
 * packages. Its modules read the unnamed module of its libraries; those of other plugins stay hidden.
 */
final class PluginLayer implements AutoCloseable {

    private final Discovered plugin;
    private final ModuleLayer layer;
    private final ClassLoader loader;
    private final PluginLibraries libraries;

    private PluginLayer(Discovered plugin, ModuleLayer layer, ClassLoader loader, PluginLibraries libraries) {
        this.plugin = plugin;
        this.layer = layer;
        this.loader = loader;
        this.libraries = libraries;
    }

    /** Open the layer of a plugin, which may be bundled with the agent. After a failure nothing stays open; {@link Reasons} explains what was thrown. */
    static PluginLayer open(Discovered plugin, List<PluginLayer> dependencies, HostView host, boolean bundled)
            throws IOException {
        PluginModules modules = PluginModules.read(plugin.moduleJars());
        modules.check(
                host,
                name -> dependencies.stream()
                        .anyMatch(dependency -> dependency.layer.modules().stream()
                                .anyMatch(module -> module.getName().equals(name))));
        List<ModuleLayer> parents = new ArrayList<>();
        dependencies.forEach(dependency -> parents.add(dependency.layer));
        parents.add(host.layer());
        Configuration graph = Configuration.resolve(
                modules, parents.stream().map(ModuleLayer::configuration).toList(), ModuleFinder.of(), modules.names());
        PluginLibraries libraries = PluginLibraries.open(plugin.id(), plugin.libraryJars(), host, bundled);
        try {
            ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(graph, parents, libraries);
            ModuleLayer layer = controller.layer();
            Module unnamed = libraries.getUnnamedModule();
            layer.modules().forEach(module -> controller.addReads(module, unnamed));
            return new PluginLayer(
                    plugin, layer, layer.findLoader(modules.names().iterator().next()), libraries);
        } catch (RuntimeException | LinkageError e) {
            libraries.close();
            throw e;
        }
    }

    /** Make every provider and ask what it offers, so that a broken one fails now. */
    Contributions contributions() {
        try (PluginScope _ = PluginScope.enter(plugin.label(), PluginScope.START, loader)) {
            List<AgentPlugin> providers = ServiceLoader.load(layer, AgentPlugin.class).stream()
                    // The providers of the parent layers appear too.
                    .filter(provider -> layer.equals(provider.type().getModule().getLayer()))
                    .map(ServiceLoader.Provider::get)
                    .toList();
            return Contributions.of(providers);
        }
    }

    ClassLoader loader() {
        return loader;
    }

    @Override
    public void close() throws IOException {
        libraries.close();
    }
}
