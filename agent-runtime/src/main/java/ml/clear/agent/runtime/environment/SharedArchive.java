// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;

/** The archive of one environment that other machines can use. */
interface SharedArchive {

    /** Of an environment that is not shared. */
    SharedArchive NONE = new SharedArchive() {
        @Override
        public Optional<PythonEnvironment> restore(
                EnvironmentCache cache, EnvironmentPlan plan, Path folder, Console console) {
            return Optional.empty();
        }

        @Override
        public void publish(EnvironmentCache cache, EnvironmentKey copy) {}
    };

    /**
     * Restore the environment that another machine stored.
     *
     * @param cache holds the archive while it is unpacked
     * @param folder must not exist or be empty, and is removed when the archive cannot be used
     * @return empty when there is none, or it cannot be used, for which the console gives the reason
     */
    Optional<PythonEnvironment> restore(EnvironmentCache cache, EnvironmentPlan plan, Path folder, Console console)
            throws InterruptedException;

    /**
     * Store a copy of the cache for other machines, unless the store has it; in the background. Failures are logged.
     *
     * @param copy its key in the cache
     */
    void publish(EnvironmentCache cache, EnvironmentKey copy);
}
