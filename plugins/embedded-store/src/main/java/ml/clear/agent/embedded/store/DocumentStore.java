// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Documents of one kind, each with a text member {@code id}. What is returned belongs to the caller. */
public interface DocumentStore extends DocumentSource {

    /** The whole document with this id. */
    Optional<ObjectNode> find(Session session, String id);

    /** Add a document. */
    void insert(Session session, ObjectNode document);

    /** Replace a document that exists. */
    void save(Session session, ObjectNode document);

    /** Remove a document; whether it was there. */
    boolean delete(Session session, String id);

    /** The ids of the first ones, in the order in which they were added; a negative number means all of them. */
    List<String> ids(Session session, Subset narrowing, int most);

    /** The ids of all of them. */
    default List<String> ids(Session session, Subset narrowing) {
        return ids(session, narrowing, -1);
    }

    /**
     * Set a member of each, or remove it, without reading the documents into this process.
     *
     * @param value the text, null to remove the member
     * @return how many they are
     */
    int put(Session session, String member, @Nullable String value, Subset narrowing);

    /** How many of them, of which a member must be named, do not have a system tag. */
    long countWithoutTag(Session session, String tag, Subset narrowing);

    /** How many there are. */
    long count(Session session, Subset narrowing);
}
