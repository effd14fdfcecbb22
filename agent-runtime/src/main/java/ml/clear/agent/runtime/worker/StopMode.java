// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

/**
 * What a daemon that is stopped does with the tasks that run. In every mode it takes no new one, and one that is taken
 * and not started goes back to its queue.
 */
public enum StopMode {
    /** They go on, and the next daemon resumes them. */
    LEAVE,
    /** It ends when they have ended. */
    WAIT,
    /** It aborts them, each with its grace, and ends when they have ended. */
    ABORT
}
