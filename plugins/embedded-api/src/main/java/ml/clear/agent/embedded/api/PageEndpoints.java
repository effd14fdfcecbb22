// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Preferences;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls that a web application makes at its start. */
final class PageEndpoints {

    private final Stores stores;
    private final KeyPairs keys;
    private final Preferences preferences = new Preferences();

    private PageEndpoints(Stores stores, KeyPairs keys) {
        this.stores = stores;
        this.keys = keys;
    }

    static void register(Routes routes, Stores stores, KeyPairs keys) {
        PageEndpoints page = new PageEndpoints(stores, keys);
        routes.add(new Endpoint(
                        "login.supported_modes",
                        ApiVersion.FIRST,
                        Set.of(Endpoint.Trait.OPEN),
                        call -> supportedModes()))
                .add("server.config", call -> Json.object())
                .add(
                        "server.report_stats_option",
                        call -> Json.object().put("supported", false).put("enabled", false))
                .add("auth.get_credentials", call -> page.credentials())
                .add("organization.get_user_companies", call -> companies())
                .add("users.get_preferences", call -> page.preferences())
                .add("users.set_preferences", page::setPreferences);
    }

    /** Login with keys only: no passwords, no guests, no other services. */
    private static ObjectNode supportedModes() {
        ObjectNode answer = Json.object();
        ObjectNode basic = answer.putObject("basic").put("enabled", false);
        basic.putObject("guest").put("enabled", false);
        answer.putObject("sso");
        answer.putArray("sso_providers");
        answer.putObject("server_errors").put("missed_es_upgrade", false).put("es_connection_error", false);
        return answer.put("authenticated", false);
    }

    private ObjectNode credentials() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("credentials");
        keys.list()
                .forEach(known ->
                        list.addObject().put("access_key", known.accessKey()).put("label", known.label()));
        return answer;
    }

    private static ObjectNode companies() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("companies");
        list.addObject()
                .put("id", Caller.COMPANY)
                .put("name", Caller.COMPANY_NAME)
                .put("allocated", true)
                .put("is_owner", true);
        return answer;
    }

    private ObjectNode preferences() {
        ObjectNode answer = Json.object();
        answer.set("preferences", stores.database().read(preferences::read));
        return answer;
    }

    private ObjectNode setPreferences(Call call) {
        ObjectNode changed =
                call.object("preferences").orElseThrow(() -> Refusal.invalid("missing field 'preferences'"));
        return stores.database().write(session -> {
            preferences.merge(session, changed);
            return Json.object().put("updated", 1);
        });
    }
}
