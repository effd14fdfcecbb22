// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.util.Objects;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * An environment for one task, in its own folder. Close it when the task has ended: until then modules are compiled in
 * the background. Closing does not delete the folder.
 */
public final class PreparedEnvironment implements AutoCloseable {

    private final PythonEnvironment environment;
    private final boolean fromCache;
    private final Runnable stop;

    PreparedEnvironment(PythonEnvironment environment, boolean fromCache, Runnable stop) {
        this.environment = Objects.requireNonNull(environment);
        this.fromCache = fromCache;
        this.stop = Objects.requireNonNull(stop);
    }

    /** The environment itself. */
    public PythonEnvironment environment() {
        return environment;
    }

    /** Whether it is a copy from the cache rather than newly built. */
    public boolean fromCache() {
        return fromCache;
    }

    /** End what works in the background; a second call does nothing. */
    @Override
    public void close() {
        stop.run();
    }
}
