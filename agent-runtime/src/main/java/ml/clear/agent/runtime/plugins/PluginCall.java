// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The edge of a plugin: its loader is the context class loader inside, and what it throws comes out as an
 * {@link AgentException} that names it.
 *
 * @param plugin the plugin that is called
 * @param loader the plugin's loader
 */
record PluginCall(InstalledPlugin plugin, ClassLoader loader) {

    /** Call the plugin. Checked exceptions go through as they are. */
    <T extends @Nullable Object, E extends Exception> T run(String what, Body<T, E> body) throws E {
        try (PluginScope _ = PluginScope.enter(plugin.label(), what, loader)) {
            return body.call();
        } catch (AgentException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new AgentException(
                    ErrorCode.INTERNAL,
                    plugin.label() + " failed in " + what + ": " + ExceptionSummary.describe(e) + "; " + remedy(e),
                    e);
        }
    }

    private static String remedy(Throwable thrown) {
        return ExceptionSummary.versionMismatch(thrown).isPresent()
                ? "install a version of the plugin that fits this agent"
                : "this is a defect of the plugin, report it to its author";
    }

    /** Something that a plugin does. */
    interface Body<T extends @Nullable Object, E extends Exception> {
        T call() throws E;
    }
}
