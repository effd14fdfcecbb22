// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Documents to look through. */
@FunctionalInterface
public interface DocumentSource {

    /** Walk over documents in the order in which they were added. What is visited belongs to the visitor. */
    void each(Session session, Subset narrowing, Consumer<ObjectNode> visitor);
}
