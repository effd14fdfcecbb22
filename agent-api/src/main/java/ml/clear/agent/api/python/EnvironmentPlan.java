// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import ml.clear.agent.api.Stability;

/** How one environment will be built. Used by one thread, once. */
@Stability.Incubating(since = "0.1")
public interface EnvironmentPlan {

    /**
     * All that decides what {@link #build} gives, name to value: manager and version, interpreter with version and ABI,
     * platform, requirements or lock file, indexes, options. Equal maps mean interchangeable environments. Values of
     * indexes carry no password.
     */
    SortedMap<String, String> identity();

    /**
     * What identifies the environment on all machines: {@link #identity} without what only says where things lie on this
     * machine, such as the path of the interpreter. An environment that an equal plan built on another machine is handed to
     * {@link #restore}, with all files and with the links that stay inside its folder; {@code restore} makes the links again
     * that lead out of it, such as those to the interpreter.
     *
     * @return empty when the environment cannot be used on another machine
     */
    default Optional<SortedMap<String, String>> portableIdentity() throws InterruptedException {
        return Optional.empty();
    }

    /**
     * Whether a copy may serve another task: false when something in it depends on this task's own folder and cannot be
     * put back by {@link #restore}.
     */
    boolean cacheable();

    /**
     * Build the environment.
     *
     * @param folder absolute; made if absent, empty before
     * @throws ml.clear.agent.api.error.AgentException {@code REQUIREMENTS_UNSATISFIABLE} naming the requirement and the
     *     installer's own reason, or {@code ENVIRONMENT} kinds when the machine is at fault. The caller deletes the
     *     files that remain
     * @throws InterruptedException when interrupted; every started process has ended
     */
    PythonEnvironment build(Path folder) throws InterruptedException;

    /**
     * Take over a copy of an environment that an equal plan built, perhaps at another path, and bring in what a copy
     * cannot hold, such as packages from the task's own sources.
     *
     * @param folder where the copy lies now, absolute
     * @param builtAt where the original was built, absolute: the prefix that files of the copy may still name
     * @return empty when the copy cannot be used, so that the environment is rebuilt and takes the place of the cached one;
     *     the caller deletes the folder before. An exception has the same effect
     */
    Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException;

    /**
     * The names in {@link #identity} in which a built environment may differ from this plan so that {@link #update} can turn a copy
     * of it into the wanted one. Their values are compared line by line, to find the nearest environment.
     *
     * @return empty when no other environment helps
     */
    default Set<String> updatable() {
        return Set.of();
    }

    /**
     * Turn a copy of an environment that another plan built into the one that this plan describes: install what is missing, remove
     * what is not needed.
     *
     * @param folder where the copy lies now, absolute
     * @param builtAt where the original was built, absolute
     * @return empty when the copy cannot be used, so that the environment is rebuilt; the caller deletes the folder before. An
     *     exception has the same effect
     */
    default Optional<PythonEnvironment> update(Path folder, Path builtAt) throws InterruptedException {
        return Optional.empty();
    }
}
