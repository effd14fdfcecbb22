// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginHost;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Folders for plugins, and hosts that are closed at the end. */
abstract class PluginFixture {

    @TempDir
    Path temporary;

    private final List<PluginHost> open = new ArrayList<>();

    Path plugins() {
        return temporary.resolve("plugins");
    }

    Path state() {
        return temporary.resolve("state");
    }

    /** Where zips are unpacked. */
    Path cache() {
        return state().resolve("unpacked-plugins");
    }

    TestPlugin plugin(String id) {
        return new TestPlugin(temporary, id);
    }

    TestJar newJar() {
        return new TestJar(temporary);
    }

    /** Open a host on the usual folder, as API 0.1.0. */
    List<InstalledPlugin> load() {
        return load(List.of(plugins()), List.of());
    }

    List<InstalledPlugin> load(List<Path> folders, List<Setting<?>> agentSettings) {
        return load(request(folders).agentSettings(agentSettings)).plugins();
    }

    /** Open a host; closed at the end of the test. */
    PluginHost load(PluginHostRequest.Builder request) {
        PluginHost host = Pf4jPluginHost.open(request.build());
        open.add(host);
        return host;
    }

    PluginHostRequest.Builder request(List<Path> folders) {
        return PluginHostRequest.builder("0.1.0", state()).installed(folders);
    }

    static InstalledPlugin find(List<InstalledPlugin> plugins, String id) {
        return plugins.stream()
                .filter(plugin -> plugin.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no plugin " + id + " among " + plugins));
    }

    @AfterEach
    void closeHosts() {
        open.forEach(PluginHost::close);
    }
}
