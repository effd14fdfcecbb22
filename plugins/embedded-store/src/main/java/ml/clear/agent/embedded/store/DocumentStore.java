// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;
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

    /** Their ids, in the order in which they were added. */
    List<String> ids(Session session, Narrowing narrowing);

    /** Remove a member from each without reading the documents into this process; returns how many they are. */
    int removeMember(Session session, String member, Narrowing narrowing);

    /** How many of them, of which a member must be named, do not have a system tag. */
    long countWithoutTag(Session session, String tag, Narrowing narrowing);

    /** How many there are. */
    long count(Session session, Narrowing narrowing);
}
