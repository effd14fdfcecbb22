// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.nio.file.Path;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** The settings about downloaded objects that plugins share with the agent, and none declares: the agent does. */
@Stability.Incubating(since = "0.1")
public final class DownloadSettings {

    /** Where downloads are kept, by the agent and by the SDK in tasks. */
    public static final Setting<Path> CACHE_FOLDER = Setting.of(
            "sdk.storage.cache.default_base_dir",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.clearml/cache"),
            "Folder in which downloads are kept, also those of the agent");

    private DownloadSettings() {}
}
