// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

/** The task no longer belongs to this execution, which ends as if it were interrupted. */
final class TaskAbandoned extends InterruptedException {

    private static final long serialVersionUID = 1;

    private final AbortReason reason;

    TaskAbandoned(AbortReason reason) {
        super("the task " + reason.words());
        this.reason = reason;
    }

    AbortReason reason() {
        return reason;
    }
}
