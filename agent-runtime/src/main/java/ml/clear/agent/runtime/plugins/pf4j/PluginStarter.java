// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.pf4j.PluginDependency;
import org.pf4j.PluginDescriptor;

/** Starts plugins, each after those that it depends on. What one of them throws ends as its status. */
final class PluginStarter {

    private final Map<String, Discovered> found;
    private final SwitchLists switches;
    private final Versions versions;
    private final String apiVersion;
    private final Claims claims;
    private final HostView host;
    private final Closer layers;
    private final Map<String, PluginStatus> statuses = new HashMap<>();
    private final Map<String, PluginLayer> opened = new HashMap<>();

    PluginStarter(
            Map<String, Discovered> found,
            SwitchLists switches,
            Versions versions,
            String apiVersion,
            Claims claims,
            Closer layers) {
        this.found = found;
        this.switches = switches;
        this.versions = versions;
        this.apiVersion = apiVersion;
        this.claims = claims;
        this.layers = layers;
        this.host = new HostView();
    }

    /** Start a plugin unless that was tried before. */
    PluginStatus start(Discovered plugin) {
        PluginStatus known = statuses.get(plugin.id());
        if (known != null) {
            return known;
        }
        PluginStatus status = attempt(plugin);
        statuses.put(plugin.id(), status);
        return status;
    }

    private PluginStatus attempt(Discovered plugin) {
        Optional<String> off = switches.reasonOff(plugin.id());
        if (off.isPresent()) {
            return new PluginStatus.Disabled(off.get());
        }
        try {
            checkApi(plugin.descriptor().getRequires());
            return open(plugin, dependencies(plugin));
        } catch (Throwable thrown) {
            // A stranger's code may throw anything while it is loaded, errors of linkage and of services too.
            return new PluginStatus.Failed(Reasons.of(thrown));
        }
    }

    private void checkApi(String range) {
        if (!versions.matches(apiVersion, range)) {
            throw Reasons.refused(
                    "it requires version " + range + " of the agent's API, and this agent has " + apiVersion,
                    "install a version of the plugin, or of the agent, that fits");
        }
    }

    private List<PluginLayer> dependencies(Discovered plugin) {
        cycle(plugin.id(), plugin.id(), new ArrayList<>()).ifPresent(path -> {
            throw Reasons.refused("it depends on itself: " + String.join(" → ", path));
        });
        List<PluginLayer> layersBelow = new ArrayList<>();
        for (PluginDependency dependency : plugin.descriptor().getDependencies()) {
            dependency(dependency).ifPresent(layersBelow::add);
        }
        return layersBelow;
    }

    private Optional<PluginLayer> dependency(PluginDependency dependency) {
        String id = dependency.getPluginId();
        Discovered needed = found.get(id);
        if (needed == null) {
            return missing(dependency, "it depends on plugin '" + id + "', which is not installed", "install that too");
        }
        PluginDescriptor descriptor = needed.descriptor();
        if (!versions.matches(descriptor.getVersion(), dependency.getPluginVersionSupport())) {
            return missing(
                    dependency,
                    "it depends on version " + dependency.getPluginVersionSupport() + " of " + needed.label(),
                    "install versions of the two that fit");
        }
        return switch (start(needed)) {
            case PluginStatus.Started _ -> Optional.ofNullable(opened.get(id));
            case PluginStatus.Disabled(String reason) ->
                missing(
                        dependency,
                        "it depends on plugin '" + id + "', which is disabled (" + reason + ")",
                        "enable that too, or disable both");
            case PluginStatus.Failed(String reason) ->
                missing(dependency, "it depends on " + needed.label() + ", which failed: " + reason);
        };
    }

    private static Optional<PluginLayer> missing(PluginDependency dependency, String... causeAndRemedy) {
        if (dependency.isOptional()) {
            return Optional.empty();
        }
        throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, String.join("; ", causeAndRemedy));
    }

    /** The way along dependencies from one plugin to another, if there is any. */
    private Optional<List<String>> cycle(String from, String to, List<String> path) {
        Discovered plugin = found.get(from);
        if (plugin == null || path.contains(from)) {
            return Optional.empty();
        }
        List<String> longer = new ArrayList<>(path);
        longer.add(from);
        for (PluginDependency dependency : plugin.descriptor().getDependencies()) {
            String next = dependency.getPluginId();
            if (next.equals(to)) {
                longer.add(next);
                return Optional.of(longer);
            }
            Optional<List<String>> rest = cycle(next, to, longer);
            if (rest.isPresent()) {
                return rest;
            }
        }
        return Optional.empty();
    }

    private PluginStatus open(Discovered plugin, List<PluginLayer> dependencies) throws IOException {
        PluginLayer layer = PluginLayer.open(plugin, dependencies, host);
        layers.own(layer);
        Contributions contributions = layer.contributions();
        if (contributions.isEmpty()) {
            throw Reasons.refused("it contributes nothing");
        }
        claims.claim(plugin.label(), contributions);
        opened.put(plugin.id(), layer);
        return new PluginStatus.Started(contributions, plugin.folder(), layer.loader());
    }
}
