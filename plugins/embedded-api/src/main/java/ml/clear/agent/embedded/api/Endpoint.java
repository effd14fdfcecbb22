// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that can be called.
 *
 * @param name service and action
 * @param since the lowest version of the API that has it
 * @param traits what is special about it
 * @param handler does the work
 */
record Endpoint(String name, ApiVersion since, Set<Trait> traits, Handler handler) {

    /** What an endpoint may be. */
    enum Trait {
        /** Takes callers without credentials. */
        OPEN,
        /** Takes one object a line. */
        BATCH
    }

    /** Does the work of an endpoint. */
    @FunctionalInterface
    interface Handler {
        /** The data of the answer. */
        ObjectNode answer(Call call);
    }
}
