// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The shape of every answer. Clients check it strictly: {@code meta} and an object {@code data} are always there, ids are
 * texts, versions are texts but for the oldest.
 *
 * @param path what was asked for; null when the address could not be read
 * @param endpoint what answers; null when there is none
 * @param transaction the caller's own mark, empty for none
 */
record Envelope(@Nullable ApiPath path, @Nullable Endpoint endpoint, String transaction) {

    static final Envelope UNREADABLE = new Envelope(null, null, "");

    ObjectNode success(ObjectNode data) {
        return answer(200, 0, "OK", data);
    }

    ObjectNode refusal(Refusal refusal) {
        return answer(refusal.code(), refusal.subcode(), refusal.text(), Json.object());
    }

    private ObjectNode answer(int code, int subcode, String message, ObjectNode data) {
        ObjectNode answer = Json.object();
        ObjectNode meta = answer.putObject("meta");
        String id = Stores.newId();
        meta.put("id", id).put("trx", transaction.isEmpty() ? id : transaction);
        ObjectNode named = meta.putObject("endpoint").put("name", path == null ? "" : path.name());
        named.set("requested_version", version(path == null ? ApiVersion.FIRST : path.version()));
        if (endpoint == null || path == null) {
            named.putNull("actual_version");
        } else {
            named.set(
                    "actual_version",
                    path.version().below(2, 1)
                            ? version(endpoint.since())
                            : StringNode.valueOf(endpoint.since().toString()));
        }
        meta.put("result_code", code).put("result_subcode", subcode).put("result_msg", message);
        meta.putNull("error_stack").putObject("error_data");
        answer.set("data", data);
        return answer;
    }

    private static JsonNode version(ApiVersion version) {
        return version.below(2, 1)
                ? DoubleNode.valueOf(Double.parseDouble(version.toString()))
                : StringNode.valueOf(version.toString());
    }
}
