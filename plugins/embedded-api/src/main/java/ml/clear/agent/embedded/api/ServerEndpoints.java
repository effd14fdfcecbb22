// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.node.ObjectNode;

/** {@code debug.ping} and {@code server.info}. */
final class ServerEndpoints {

    /** The version of the open server whose behaviour is followed; clients compare it. */
    static final String VERSION = "2.3.0";

    static final String BUILD = "embedded";

    private static final Set<Endpoint.Trait> OPEN = Set.of(Endpoint.Trait.OPEN);

    private ServerEndpoints() {}

    static void register(Routes routes) {
        routes.add(new Endpoint("debug.ping", ApiVersion.FIRST, OPEN, ServerEndpoints::ping))
                .add(new Endpoint("server.info", ApiVersion.of(2, 1), Set.of(), ServerEndpoints::info));
    }

    private static ObjectNode ping(Call call) {
        ObjectNode answer = call.arguments().deepCopy();
        return answer.put("msg", "ClearML server");
    }

    private static ObjectNode info(Call call) {
        return Json.object()
                .put("version", VERSION)
                .put("build", BUILD)
                .put("commit", "")
                .put("api_version", ApiVersion.HIGHEST.toString());
    }
}
