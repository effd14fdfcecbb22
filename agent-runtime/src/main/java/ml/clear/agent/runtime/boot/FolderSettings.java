// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

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

    private FolderSettings() {}

    static List<Setting<?>> all() {
        return List.of(STATE, PLUGINS);
    }
}
