// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events by the numbers of their rows.
 *
 * @param owner the task or model
 * @param type their type
 */
record EventRows(String owner, String type) implements Slices.Fetcher<Long> {

    private static final String LOG = "SELECT ts, ts, stored, worker, level, msg FROM log WHERE seq = ?";
    private static final String OTHER =
            "SELECT iter, ts, event.stored, metric, variant, doc FROM event JOIN series ON no = event.series WHERE seq = ?";

    @Override
    public int fetch(Session session, List<Long> rows, Deque<JsonNode> values) {
        boolean log = type.equals(Event.LOG);
        int[] room = {Slices.FULL};
        int seen = 0;
        while (seen < rows.size() && room[0] > 0) {
            session.first(
                            log ? LOG : OTHER,
                            row -> {
                                room[0] -= row.getString(6).length();
                                return common(log ? log(row) : other(row), row);
                            },
                            rows.get(seen))
                    .ifPresent(values::add);
            seen++;
        }
        return seen;
    }

    private ObjectNode common(ObjectNode event, ResultSet row) throws SQLException {
        return event.put("type", type)
                .put("task", owner)
                .put("timestamp", row.getLong(2))
                .put("@timestamp", Timestamps.zulu(row.getLong(3)))
                .put("model_event", false);
    }

    private static ObjectNode log(ResultSet row) throws SQLException {
        return Json.object()
                .put("level", row.getString(5))
                .put("worker", row.getString(4))
                .put("metric", "")
                .put("variant", "")
                .put("msg", row.getString(6));
    }

    private static ObjectNode other(ResultSet row) throws SQLException {
        return Json.parseObject(row.getString(6))
                .put("iter", row.getLong(1))
                .put("metric", row.getString(4))
                .put("variant", row.getString(5));
    }
}
