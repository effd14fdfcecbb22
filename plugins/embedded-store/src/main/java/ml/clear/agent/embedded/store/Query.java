// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One request of the {@code get_all} family: which documents, in which order, which page of them, which members. */
public final class Query {

    /** The maximum number of documents in an answer. */
    public static final int MOST = 500;

    private static final int EVERYTHING = -1;

    private final Source source;
    private final Condition condition;
    private final String order;
    private final Projection projection;
    private final Window window;

    private Query(Kind kind, Source source, ObjectNode request) {
        this.source = source;
        window = Window.of(request);
        condition = Filters.condition(kind, request);
        order = Ordering.of(kind, request.path("order_by"));
        projection = Projection.of(
                kind, request.hasNonNull("only_fields") ? request.path("only_fields") : request.path("projection"));
    }

    /**
     * Read a request.
     *
     * @throws Refusal when it is invalid: 400/12, 400/14, 400/16 or 400/21
     */
    public static Query of(Kind kind, ObjectNode request) {
        return new Query(kind, kind.source(), request);
    }

    /** The same on documents that are elsewhere. */
    public static Query of(Kind kind, Source source, ObjectNode request) {
        return new Query(kind, source, request);
    }

    /** The members that are wanted. */
    public Projection projection() {
        return projection;
    }

    /** Which documents match; the table of the documents is called {@code t}. */
    public Condition condition() {
        return condition;
    }

    /** The ids of all documents that match, in order. */
    public List<String> ids(Session session, Condition also) {
        return ids(session, also, EVERYTHING, 0);
    }

    /** The ids of the page that was asked for. */
    public List<String> page(Session session, Condition also) {
        return ids(session, also, window.size(), window.from());
    }

    private List<String> ids(Session session, Condition also, int size, long from) {
        List<Object> arguments = new ArrayList<>(source.arguments());
        arguments.addAll(condition.arguments());
        arguments.addAll(also.arguments());
        arguments.add(size);
        arguments.add(from);
        return session.list(
                "SELECT t.id FROM " + source.from() + " WHERE " + condition.sql() + " AND " + also.sql() + " ORDER BY "
                        + order + " LIMIT ? OFFSET ?",
                row -> row.getString(1),
                arguments.toArray());
    }

    /** The documents with these ids, in this order; those that are gone are left out. */
    public List<ObjectNode> documents(Session session, DocumentSource store, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, ObjectNode> byId = new HashMap<>();
        store.each(
                session,
                Subset.ids(ids),
                document -> byId.put(document.path("id").stringValue(), document));
        return ids.stream().filter(byId::containsKey).map(byId::get).toList();
    }

    /** The wanted members of documents, as a list. */
    public ArrayNode project(List<ObjectNode> documents) {
        ArrayNode list = Json.array();
        documents.forEach(document -> list.add(projection.apply(document)));
        return list;
    }

    /** The part of all matches that an answer holds. */
    private record Window(long from, int size) {

        static Window of(ObjectNode request) {
            if (request.hasNonNull("size") && request.hasNonNull("start")) {
                return new Window(whole(request, "start", 0, 0), (int) Math.min(whole(request, "size", MOST, 0), MOST));
            }
            if (request.hasNonNull("start") && !request.hasNonNull("size")) {
                throw Refusal.invalid("'start' needs 'size'");
            }
            long size = Math.min(whole(request, "page_size", MOST, 1), MOST);
            long page = whole(request, "page", 0, 0);
            return new Window(Math.min(page, Integer.MAX_VALUE) * size, (int) size);
        }

        private static long whole(ObjectNode request, String name, long fallback, long least) {
            JsonNode given = request.path(name);
            if (given.isMissingNode() || given.isNull()) {
                return fallback;
            }
            if (!given.isIntegralNumber()) {
                throw Refusal.invalid("'" + name + "' must be a whole number");
            }
            if (given.asLong() < least) {
                throw Refusal.invalid(name + " must be >" + (least == 1 ? "0" : "=0"));
            }
            return given.asLong();
        }
    }
}
