// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code *_many} form of a call: the same for each id; a refusal of one does not affect the others. */
final class ManyEndpoint {

    private ManyEndpoint() {}

    /**
     * An endpoint that calls another one for each of its {@code ids}.
     *
     * @param idName the argument that takes the id
     * @param done the member that marks a success
     */
    static Endpoint.Handler of(String idName, String done, Endpoint.Handler single) {
        return call -> {
            List<String> ids = call.requiredTexts("ids");
            ObjectNode answer = Json.object();
            ArrayNode succeeded = answer.putArray("succeeded");
            ArrayNode failed = answer.putArray("failed");
            for (String id : ids) {
                ObjectNode arguments = call.arguments().deepCopy();
                arguments.remove("ids");
                arguments.put(idName, id);
                try {
                    ObjectNode item = Json.object().put("id", id);
                    Json.merge(item, single.answer(call.with(arguments)));
                    item.put(done, true);
                    succeeded.add(item);
                } catch (Refusal refusal) {
                    ObjectNode error = failed.addObject().put("id", id).putObject("error");
                    error.putArray("codes").add(refusal.code()).add(refusal.subcode());
                    error.put("msg", refusal.text()).putObject("data");
                }
            }
            return answer;
        };
    }
}
