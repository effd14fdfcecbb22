// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ObjectNode;

/** Login. */
final class AuthEndpoints {

    private final Tokens tokens;

    private AuthEndpoints(Tokens tokens) {
        this.tokens = tokens;
    }

    static void register(Routes routes, Tokens tokens) {
        AuthEndpoints auth = new AuthEndpoints(tokens);
        routes.add("auth.login", auth::login)
                .add("auth.logout", auth::logout)
                .add("auth.get_page_token", auth::pageToken)
                .add("auth.create_credentials", call -> refuse())
                .add("auth.revoke_credentials", call -> refuse());
    }

    private ObjectNode login(Call call) {
        long seconds = call.whole("expiration_sec", 0);
        if (seconds < 0) {
            throw Refusal.invalid("expiration_sec is negative");
        }
        if (seconds > Tokens.MOST_SECONDS) {
            throw Refusal.invalid("expiration_sec " + seconds + " is bigger than maximum " + Tokens.MOST_SECONDS);
        }
        return Json.object()
                .put("token", tokens.issue(call.caller().accessKey(), seconds == 0 ? Tokens.DEFAULT_SECONDS : seconds));
    }

    private ObjectNode logout(Call call) {
        tokens.revoke(call.caller());
        return Json.object();
    }

    private ObjectNode pageToken(Call call) {
        return Json.object().put("page_token", tokens.pageToken(call.caller()));
    }

    private static ObjectNode refuse() {
        throw Refusal.bad(
                301, "Invalid user id (protected identity): use 'clearml-agent server credentials' on the server");
    }
}
