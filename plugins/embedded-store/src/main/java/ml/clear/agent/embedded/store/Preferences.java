// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The preferences of the user in web pages. */
public final class Preferences {

    private static final String KEY = "preferences";

    /** Without state of its own. */
    public Preferences() {}

    /** All of it. */
    public ObjectNode read(Session session) {
        return session.first("SELECT doc FROM setting WHERE key = ?", row -> Json.parseObject(row.getString(1)), KEY)
                .orElseGet(Json::object);
    }

    /** Change what is given, however deep; a null removes. */
    public void merge(Session session, ObjectNode changed) {
        ObjectNode all = read(session);
        merge(all, changed);
        session.update(
                "INSERT INTO setting (key, doc) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET doc = excluded.doc",
                KEY,
                Json.text(all));
    }

    private static void merge(ObjectNode target, ObjectNode changed) {
        for (Map.Entry<String, JsonNode> member : changed.properties()) {
            if (member.getValue().isNull()) {
                target.remove(member.getKey());
            } else if (member.getValue() instanceof ObjectNode inner
                    && target.get(member.getKey()) instanceof ObjectNode present) {
                merge(present, inner);
            } else {
                target.set(member.getKey(), member.getValue());
            }
        }
    }
}
