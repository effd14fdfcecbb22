// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.List;
import java.util.SortedMap;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/**
 * A program that installs a project as its own files say, such as the one that wrote its lock file. Made for one plan; used by
 * one thread.
 */
public interface ProjectInstaller {

    /** All about it that decides what is installed: its name and version, its options, indexes. Values carry no password. */
    SortedMap<String, String> identity();

    /**
     * Install everything.
     *
     * @param environment empty
     * @throws ml.clear.agent.api.error.AgentException {@code REQUIREMENTS_UNSATISFIABLE} or an {@code ENVIRONMENT} kind, with
     *     the program's own reason
     */
    void install(VirtualEnvironment environment) throws InterruptedException;

    /**
     * Install the project's own sources into a copy of an environment that {@link #install} made from an equal project at
     * another path; everything else is there.
     */
    void installSources(VirtualEnvironment environment) throws InterruptedException;

    /** The command that starts scripts in the environment. */
    default List<String> launcher(VirtualEnvironment environment) {
        return List.of(environment.python().toString());
    }
}
