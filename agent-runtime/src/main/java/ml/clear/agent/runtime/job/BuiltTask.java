// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * A task that is ready to run, and is not run.
 *
 * @param environment its environment
 * @param folder where its script starts
 * @param commit the commit, empty where there is no repository
 */
public record BuiltTask(PythonEnvironment environment, Path folder, String commit) {

    /** Checks for absence. */
    public BuiltTask {
        Objects.requireNonNull(environment);
        Objects.requireNonNull(folder);
        Objects.requireNonNull(commit);
    }
}
