// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.node.ObjectNode;

/** The steps of a pipeline: the tasks whose parent is its controller. */
final class PipelineSteps {

    private PipelineSteps() {}

    /** The steps that a call includes: none unless it says {@code include_pipeline_steps} and the task is a controller. */
    static Iterable<ObjectNode> included(Stores stores, Session session, Call call, ObjectNode task) {
        boolean wanted = call.flag("include_pipeline_steps", false)
                && task.path("type").asString("").equals("controller");
        List<String> steps = wanted
                ? stores.tasks()
                        .ids(session, Subset.of("parent", task.path("id").stringValue()))
                : List.of();
        // One document is in memory at a time: each may hold megabytes.
        return () -> steps.stream().map(step -> stores.task(session, step)).iterator();
    }
}
