// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.DocumentSource;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import tools.jackson.databind.node.ObjectNode;

/** Answers a {@link Query}, page by page or as a scroll. */
final class Lists {

    private final Scrolls scrolls;

    Lists(Scrolls scrolls) {
        this.scrolls = scrolls;
    }

    /** The documents that a request asks for, whole. For kinds whose documents are small. */
    List<ObjectNode> find(
            Session session, Query query, DocumentSource store, Condition also, Call call, ObjectNode answer) {
        return query.documents(session, store, ids(session, query, also, call, answer));
    }

    /**
     * The ids of the documents that a request asks for.
     *
     * @param also a condition beyond those of the query
     * @param answer gets {@code scroll_id} when the request scrolls
     */
    List<String> ids(Session session, Query query, Condition also, Call call, ObjectNode answer) {
        // A null scroll_id begins a scroll, so that presence counts here, not value.
        if (!call.arguments().has("scroll_id") || call.has("start") || call.has("page")) {
            return query.page(session, also);
        }
        if (!call.has("size")) {
            if (call.has("scroll_id")) {
                throw Refusal.invalid("'scroll_id' needs 'size'");
            }
            return query.page(session, also);
        }
        int size = Math.clamp(call.whole("size", Query.MOST), 0, Integer.MAX_VALUE);
        Scrolls.Scroll scroll =
                call.text("scroll_id").flatMap(scrolls::find).orElseGet(() -> scrolls.begin(query.ids(session, also)));
        answer.put("scroll_id", scroll.id());
        return call.flag("refresh_scroll", false) ? scroll.again() : scroll.next(size);
    }
}
