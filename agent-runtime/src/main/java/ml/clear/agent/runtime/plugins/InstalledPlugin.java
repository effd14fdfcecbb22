// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A plugin that was found in a plugin folder, started or not.
 *
 * @param id its id; the name of the file where no id could be read
 * @param version its version; {@link #UNKNOWN_VERSION} where none could be read
 * @param description one sentence of its author, possibly empty
 * @param origin the folder, zip or jar that was found
 * @param status whether it was started, or why not
 */
public record InstalledPlugin(String id, String version, String description, Path origin, PluginStatus status) {

    /** Replaces a version that could not be read. */
    public static final String UNKNOWN_VERSION = "?";

    /** How messages name it: id, version and file. */
    public String label() {
        return label(id, version, origin);
    }

    /** What it offers; nothing unless it was started. */
    public Contributions contributions() {
        return status instanceof PluginStatus.Started started ? started.contributions() : Contributions.NONE;
    }

    /** Why it cannot be used, as one line with id, version, file, cause and remedy; empty unless it failed. */
    public Optional<String> problem() {
        return status instanceof PluginStatus.Failed failed
                ? Optional.of(label() + " cannot be used: " + failed.reason())
                : Optional.empty();
    }

    /** How messages name a plugin. */
    public static String label(String id, String version, Path origin) {
        return version.equals(UNKNOWN_VERSION)
                ? "plugin '" + id + "' (" + origin + ")"
                : "plugin '" + id + "' " + version + " (" + origin + ")";
    }
}
