// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

/** Projects. Safe for several threads; blocks and fails like {@link TaskService}. */
@FunctionalInterface
public interface ProjectService {

    /** The id of the project with exactly this name, made if there is none. */
    String findOrCreate(String name);
}
