// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts of documents that are stored beside them: diffs, requirements, configurations, reports. Filters and lists read the
 * documents without them; a document that is read to be changed is whole.
 */
final class LongTexts {

    /** Texts of this length and more are stored beside the document. */
    private static final int LEAST = 1024;

    private final Set<String> members;

    /**
     * The long texts of a kind of documents.
     *
     * @param members the members, at the top of documents, below which texts may be long; never a filtered member
     */
    LongTexts(String... members) {
        this.members = Set.of(members);
    }

    /** Take the long texts out of a document; returns them by the pointers to their places. */
    Map<String, String> takeOut(ObjectNode document) {
        Map<String, String> texts = new HashMap<>();
        for (String member : members) {
            JsonNode value = document.get(member);
            if (value != null) {
                takeOut(document, member, value, JsonPointer.empty().appendProperty(member), texts);
            }
        }
        return texts;
    }

    private static void takeOut(
            ObjectNode parent, String member, JsonNode value, JsonPointer place, Map<String, String> texts) {
        if (value.isString() && value.stringValue().length() >= LEAST) {
            texts.put(place.toString(), Json.text(value));
            parent.put(member, "");
        } else if (value instanceof ArrayNode list && isLong(list)) {
            texts.put(place.toString(), Json.text(list));
            parent.put(member, "");
        } else if (value instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                takeOut(object, name, object.get(name), place.appendProperty(name), texts);
            }
        }
    }

    /** Lines of requirements; lists of objects, such as artifacts, are filtered. */
    private static boolean isLong(ArrayNode list) {
        int length = 0;
        for (JsonNode element : list) {
            if (!element.isString()) {
                return false;
            }
            length += element.stringValue().length();
        }
        return length >= LEAST;
    }

    /** Store the texts that were taken out of a document, in place of those that it had. */
    void save(Session session, String document, Map<String, String> texts) {
        if (members.isEmpty()) {
            return;
        }
        List<String> gone = new ArrayList<>(
                session.list("SELECT path FROM long_text WHERE document = ?", row -> row.getString(1), document));
        gone.removeAll(texts.keySet());
        gone.forEach(path -> session.update("DELETE FROM long_text WHERE document = ? AND path = ?", document, path));
        // A text that is as before is not written again: most changes of a task leave its diff alone.
        texts.forEach((path, text) -> session.update(
                "INSERT INTO long_text (document, path, text) VALUES (?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET text = excluded.text WHERE text <> excluded.text",
                document,
                path,
                text));
    }

    /** Remove the texts of a document. */
    void delete(Session session, String document) {
        if (!members.isEmpty()) {
            session.update("DELETE FROM long_text WHERE document = ?", document);
        }
    }

    /**
     * Put the texts back into a document.
     *
     * @param wanted which members, at the top of the document, are needed whole
     */
    void putBack(Session session, ObjectNode document, Predicate<String> wanted) {
        if (members.stream().noneMatch(wanted)) {
            return;
        }
        session.each(
                "SELECT path, text FROM long_text WHERE document = ?",
                row -> {
                    JsonPointer place = JsonPointer.compile(row.getString(1));
                    if (wanted.test(place.getMatchingProperty())
                            && document.at(place.head()) instanceof ObjectNode parent) {
                        parent.set(place.last().getMatchingProperty(), Json.parseText(row.getString(2)));
                    }
                    return true;
                },
                document.path("id").stringValue());
    }
}
