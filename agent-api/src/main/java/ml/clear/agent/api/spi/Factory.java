// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.spi;

import java.util.Objects;
import java.util.function.Function;
import ml.clear.agent.api.Stability;

/**
 * Makes one kind of contribution when a configuration selects it.
 *
 * @param <T> what is made
 */
@Stability.Incubating(since = "0.1")
public interface Factory<T> {

    /** The name by which the configuration selects it: lower-case words joined by dashes, such as {@code pip}. */
    String name();

    /**
     * Read the settings and make an instance. Called at most once for each run of the agent, and only when selected.
     *
     * @throws ml.clear.agent.api.error.AgentException when the settings contradict each other or something is missing
     */
    T create(PluginContext context);

    /** A factory from a name and a function, often a constructor. */
    static <T> Factory<T> of(String name, Function<? super PluginContext, ? extends T> maker) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(maker);
        return new Factory<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public T create(PluginContext context) {
                return maker.apply(context);
            }
        };
    }
}
