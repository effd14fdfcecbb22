// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change of a task's state, with the texts that explain it. Every change sets both texts, also to nothing.
 *
 * @param next the new state
 * @param reason a short text
 * @param message a longer one
 * @param force whether any state may become any other
 */
record StatusChange(TaskStatus next, String reason, String message, boolean force) {

    /** The change that a call asks for. */
    static StatusChange of(Call call, TaskStatus next) {
        return new StatusChange(next, call.text("status_reason", ""), call.text("status_message", ""), call.force());
    }

    StatusChange forced() {
        return new StatusChange(next, reason, message, true);
    }

    /**
     * Change the document; the caller saves it.
     *
     * @throws Refusal 400/110 when the change is not allowed
     */
    Changes apply(Stores stores, ObjectNode task) {
        TaskStatus present = present(task);
        if (!force && !present.mayBecome(next)) {
            throw refusal(task, "it is " + present.word() + " and cannot become " + next.word());
        }
        String now = stores.now();
        Changes changes = new Changes(task)
                .set("status", next.word())
                .set("status_reason", reason)
                .set("status_message", message)
                .set("status_changed", now)
                .set("last_update", now)
                .set("last_change", now)
                .set("last_changed_by", Caller.USER);
        if (next == TaskStatus.QUEUED && Names.contains(task.path("system_tags"), "development")) {
            changes.set("system_tags", Names.without(task.path("system_tags"), "development"));
        }
        return changes;
    }

    static TaskStatus present(ObjectNode task) {
        return TaskStatus.of(task.path("status").asString("")).orElse(TaskStatus.CREATED);
    }

    static Refusal refusal(ObjectNode task, String why) {
        return Refusal.bad(
                110, "Invalid task status (" + why + "): id=" + task.path("id").asString(""));
    }
}
