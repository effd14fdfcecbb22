// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.embedded.store.Narrowing;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ObjectNode;

/** The steps of a pipeline: the tasks whose parent is its controller. */
final class PipelineSteps {

    private PipelineSteps() {}

    /** The steps that a call includes: none unless it says {@code include_pipeline_steps} and the task is a controller. */
    static List<ObjectNode> included(Stores stores, Session session, Call call, ObjectNode task) {
        List<ObjectNode> steps = new ArrayList<>();
        if (call.flag("include_pipeline_steps", false)
                && task.path("type").asString("").equals("controller")) {
            stores.tasks().each(session, Narrowing.of("parent", task.path("id").stringValue()), steps::add);
        }
        return steps;
    }
}
