// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Session;

/** Whether the tasks or models exist that a request about events names. */
record EventOwners(Stores stores) {

    /** The flag by which a request about events names models instead of tasks. */
    static final String MODEL_EVENTS = "model_events";

    /** 400/101 or 400/201 when there is no such task or, where the call is about models, model. */
    void require(Session session, Call call, String id) {
        if (call.flag(MODEL_EVENTS, false)) {
            stores.model(session, id);
        } else if (!stores.tasks().exists(session, id)) {
            throw Stores.unknownTask(id);
        }
    }

    /** The same; returns the name of the task or model. */
    String name(Session session, Call call, String id) {
        return (call.flag(MODEL_EVENTS, false) ? stores.model(session, id) : stores.task(session, id))
                .path("name")
                .asString("");
    }
}
