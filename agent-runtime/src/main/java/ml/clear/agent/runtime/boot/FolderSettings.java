// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** Where the agent keeps what is its own. */
final class FolderSettings {

    /** What must survive a restart. */
    static final Setting<Path> STATE = Setting.of(
            "agent.state_dir",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.clearml/agent"),
            "Folder for what must survive a restart of the agent: running executions, the embedded server's data");

    /** Where people drop plugins. */
    static final Setting<List<Path>> PLUGINS = Setting.of(
            "agent.plugins.folders",
            ValueTypes.list(ValueTypes.PATH),
            List.of(ValueTypes.PATH.parse("~/.clearml/plugins")),
            "Folders with plugins, besides those that come with the agent: folders, zips and single jars");

    /** Whose plugins may be used. */
    static final Setting<List<Path>> TRUSTED_KEYS = Setting.of(
            "agent.plugins.trusted_keys",
            ValueTypes.list(ValueTypes.PATH),
            List.of(),
            "PEM files with public keys; with any, plugins that did not come with the agent need a signature by one of them");

    /** Where {@code plugins install} finds coordinates. */
    static final Setting<List<URI>> MAVEN_REPOSITORIES = Setting.of(
            "agent.plugins.maven_repositories",
            ValueTypes.list(ValueTypes.ADDRESS),
            List.of(),
            "Maven repositories that plugins are installed from, https or file, the first one asked first");

    private FolderSettings() {}

    static List<Setting<?>> all() {
        return List.of(STATE, PLUGINS, TRUSTED_KEYS, MAVEN_REPOSITORIES);
    }
}
