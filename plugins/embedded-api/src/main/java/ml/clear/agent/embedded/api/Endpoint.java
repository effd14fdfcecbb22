// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that can be called.
 *
 * @param name service and action
 * @param since the lowest version of the API that has it
 * @param traits its special properties
 * @param handler does the work
 */
record Endpoint(String name, ApiVersion since, Set<Trait> traits, Handler handler) {

    private static final Set<String> READING = Set.of(
            "debug.ping",
            "events.download_task_log",
            "events.multi_task_scalar_metrics_iter_histogram",
            "events.scalar_metrics_iter_raw",
            "server.info",
            "events.debug_images",
            "events.plots",
            "events.next_debug_image_sample",
            "events.next_plot_sample",
            "login.supported_modes",
            "projects.validate_delete",
            "server.config",
            "events.scalar_metrics_iter_histogram",
            "queues.peek_task",
            "tasks.validate");

    /** Whether it changes nothing. */
    boolean reads() {
        return (name.contains(".get_") && !name.equals("queues.get_next_task")) || READING.contains(name);
    }

    /** Properties of endpoints. */
    enum Trait {
        /** Takes callers without credentials. */
        OPEN,
        /** Takes one object a line. */
        BATCH,
        /** Is answered by a text, whose lines are the list {@code lines} of the data, and not by an envelope. */
        TEXT
    }

    /** Does the work of an endpoint. */
    @FunctionalInterface
    interface Handler {
        /** The data of the answer. */
        ObjectNode answer(Call call);
    }
}
