// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.util.Optional;
import ml.clear.agent.api.Stability;

/** Builds Python environments. Safe for several threads. */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface PackageManager {

    /**
     * Decide how an environment would be built, without building anything: find the interpreter, collect the
     * requirements, work out what identifies the result. A plan for an {@linkplain
     * EnvironmentRequest.Target.Existing existing} environment is not {@linkplain EnvironmentPlan#cacheable() cacheable}; it
     * uses the folder of {@link EnvironmentPlan#build} for temporary files.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code INTERPRETER_MISSING} when no interpreter fits,
     *     {@code PROGRAM_MISSING} when the manager itself is missing, {@code TASK_INVALID} for requirements that cannot be
     *     read; each says what to install or to change
     */
    EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException;

    /**
     * Whether a repository is written for this manager, so that it is chosen although the configuration names another one
     * ({@code agent.package_manager.lock_file_detection}). Looks at files and runs nothing.
     *
     * @return the file that shows it, such as {@code uv.lock}; empty when there is none
     */
    default Optional<String> claims(EnvironmentRequest.SourceTree sources) {
        return Optional.empty();
    }
}
