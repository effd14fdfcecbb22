// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

/**
 * Who runs a task.
 *
 * @param id the id of the worker
 * @param host the name of the machine
 */
public record Worker(String id, String host) {

    /** What the Python agent too writes beside every status that it sets. */
    String statusMessage() {
        return "Changed by clearml-agent " + id;
    }
}
