// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

/**
 * On which terms a task is taken over.
 *
 * @param fromQueue whether it must wait in a queue
 * @param evenIfRunning whether it is taken over although another worker reports that it runs it
 */
public record ClaimTerms(boolean fromQueue, boolean evenIfRunning) {

    /** Any task that no other worker runs. */
    public static final ClaimTerms NONE = new ClaimTerms(false, false);
}
