// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

/**
 * What a daemon that is stopped does with running tasks. In every mode it takes no new tasks, and requeues tasks that
 * are taken and not started.
 */
public enum StopMode {
    /** They keep running, and the next daemon resumes them. */
    LEAVE,
    /** It ends when they have ended. */
    WAIT,
    /** It aborts them, each with its grace period, and ends when they have ended. */
    ABORT
}
