// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.List;
import ml.clear.agent.api.config.Setting;

/** Owns the installed plugins and the classes of the started ones. */
public interface PluginHost extends AutoCloseable {

    /** Every plugin that was found, in the order of the folders and then of the file names; failed ones among them. */
    List<InstalledPlugin> plugins();

    /** The settings of all plugins that were started; no key appears twice. */
    default List<Setting<?>> settings() {
        return plugins().stream()
                .<Setting<?>>flatMap(plugin -> plugin.contributions().settings().stream())
                .toList();
    }

    /** The settings of plugins that are disabled, failed or removed. */
    List<AbsentSettings> absentSettings();

    /** Close the class loaders: nothing new is loaded from then on. Instances must not be used any more. */
    @Override
    void close();
}
