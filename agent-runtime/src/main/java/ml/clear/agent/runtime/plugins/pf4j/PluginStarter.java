// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.lifecycle.Closer;
import ml.clear.agent.runtime.plugins.Contributions;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.pf4j.PluginDependency;

/** Starts plugins, each after its dependencies. An exception of a plugin becomes its status. */
final class PluginStarter {

    private final Map<String, Discovered> found;
    private final SwitchLists switches;
    private final Versions versions;
    private final PluginHostRequest request;
    private final Claims claims;
    private final StartMarks marks;
    private final WatchedStart watched;
    private final HostView host;
    private final Closer layers;
    private final Map<String, PluginStatus> statuses = new HashMap<>();
    private final Map<String, PluginLayer> opened = new HashMap<>();

    PluginStarter(
            Map<String, Discovered> found,
            SwitchLists switches,
            Versions versions,
            PluginHostRequest request,
            Closer layers) {
        this.found = found;
        this.switches = switches;
        this.versions = versions;
        this.request = request;
        this.claims = new Claims(request.agentSettings(), request.agentWords());
        this.marks = StartMarks.in(StartMarks.folder(request));
        this.watched = new WatchedStart(request.startLimit());
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
            // The code of a plugin may throw anything while it is loaded, errors of linkage and of services too.
            return new PluginStatus.Failed(Reasons.of(thrown));
        }
    }

    private void checkApi(String range) {
        if (!versions.matches(request.apiVersion(), range)) {
            throw Reasons.refused(
                    "it requires version " + range + " of the agent's API, and this agent has " + request.apiVersion(),
                    "install a version of the plugin, or of the agent, that fits");
        }
    }

    private List<PluginLayer> dependencies(Discovered plugin) {
        new Cycles(found).through(plugin.id()).ifPresent(way -> {
            throw Reasons.refused("it depends on itself: " + String.join(" → ", way));
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
            return missing(
                    dependency,
                    Reasons.refused("it depends on plugin '" + id + "', which is not installed", "install that too"));
        }
        String range = dependency.getPluginVersionSupport();
        if (!versions.matches(needed.descriptor().getVersion(), range)) {
            return missing(
                    dependency,
                    Reasons.refused(
                            "it depends on version " + range + " of " + needed.label(),
                            "install versions of the two that fit"));
        }
        return switch (start(needed)) {
            case PluginStatus.Started _ -> Optional.ofNullable(opened.get(id));
            case PluginStatus.Disabled(String why) ->
                missing(
                        dependency,
                        Reasons.refused(
                                "it depends on plugin '" + id + "', which is disabled (" + why + ")",
                                "enable that too, or disable both"));
            case PluginStatus.Failed(String why) ->
                missing(
                        dependency,
                        new AgentException(
                                ErrorCode.PLUGIN_UNUSABLE,
                                "it depends on " + needed.label() + ", which failed: " + why));
        };
    }

    /** Absence of an optional dependency is fine; of another, it is the reason given. */
    private static Optional<PluginLayer> missing(PluginDependency dependency, AgentException reason) {
        if (dependency.isOptional()) {
            return Optional.empty();
        }
        throw reason;
    }

    private PluginStatus open(Discovered plugin, List<PluginLayer> dependencies) throws Throwable {
        marks.check(plugin);
        PluginLayer layer = PluginLayer.open(plugin, dependencies, host, request.isBundled(plugin.origin()));
        try {
            Contributions contributions = contributions(plugin, layer);
            if (contributions.isEmpty()) {
                throw Reasons.refused("it contributes nothing");
            }
            claims.claim(plugin.label(), contributions);
            opened.put(plugin.id(), layers.own(layer));
            return new PluginStatus.Started(contributions, plugin.folder(), layer.loader());
        } finally {
            if (!opened.containsKey(plugin.id())) {
                layer.close();
            }
        }
    }

    /** The plugins that came with the agent need no mark: they are tried with it. */
    private Contributions contributions(Discovered plugin, PluginLayer layer) throws Throwable {
        boolean marked = !request.isBundled(plugin.origin());
        if (marked) {
            marks.begin(plugin);
        }
        try {
            return watched.run(plugin.id(), layer::contributions);
        } finally {
            if (marked) {
                marks.end();
            }
        }
    }
}
