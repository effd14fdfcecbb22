// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

/** Projects. Safe for several threads; blocks and fails like {@link TaskService}. */
public interface ProjectService {

    /** The id of the project with exactly this name, made if there is none. */
    String findOrCreate(String name);

    /** The full name of a project; empty when there is no project with this id. */
    String name(String id);
}
