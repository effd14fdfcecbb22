// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Documents of one kind, each with a text member {@code id}. What is returned belongs to the caller. */
public interface DocumentStore extends DocumentSource {

    /** The document with this id. */
    Optional<ObjectNode> find(Session session, String id);

    /** Add a document. */
    void insert(Session session, ObjectNode document);

    /** Replace a document that exists. */
    void save(Session session, ObjectNode document);

    /** Remove a document; whether it was there. */
    boolean delete(Session session, String id);

    /** How many there are. */
    long count(Session session, Narrowing narrowing);
}
