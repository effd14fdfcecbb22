// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.nio.file.Path;

/** The status of a plugin that was found. */
public sealed interface PluginStatus {

    /** One lower-case word for tables. */
    String word();

    /** Why it is not started; empty when it is. */
    default String reason() {
        return "";
    }

    /**
     * It works.
     *
     * @param contributions what it offers
     * @param folder where its files are
     * @param loader finds its classes and those of its libraries
     */
    record Started(Contributions contributions, Path folder, ClassLoader loader) implements PluginStatus {
        @Override
        public String word() {
            return "started";
        }
    }

    /**
     * It is disabled; none of its classes was loaded.
     *
     * @param reason which list disables it
     */
    record Disabled(String reason) implements PluginStatus {
        @Override
        public String word() {
            return "disabled";
        }
    }

    /**
     * It cannot be used.
     *
     * @param reason what is wrong and what to do, on one line
     */
    record Failed(String reason) implements PluginStatus {
        @Override
        public String word() {
            return "failed";
        }
    }
}
