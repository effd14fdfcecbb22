// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.PluginContext;

/**
 * A plugin's factory with its name, read once: later look-ups do not run code of plugins that are not selected.
 *
 * @param <T> what is made
 */
record NamedFactory<T>(String name, Factory<T> factory) implements Factory<T> {

    @Override
    public T create(PluginContext context) {
        return factory.create(context);
    }
}
