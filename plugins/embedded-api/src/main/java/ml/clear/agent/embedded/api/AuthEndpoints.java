// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ObjectNode;

/** Login and the user. */
final class AuthEndpoints {

    private final Tokens tokens;

    private AuthEndpoints(Tokens tokens) {
        this.tokens = tokens;
    }

    static void register(Routes routes, Tokens tokens) {
        AuthEndpoints auth = new AuthEndpoints(tokens);
        routes.add("auth.login", auth::login)
                .add("auth.logout", auth::logout)
                .add("auth.create_credentials", call -> refuse())
                .add("auth.revoke_credentials", call -> refuse())
                .add("users.get_current_user", call -> currentUser())
                .add("users.get_by_id", AuthEndpoints::userById)
                .add("users.get_all", call -> allUsers())
                .add("users.get_all_ex", call -> allUsers());
    }

    private ObjectNode login(Call call) {
        long seconds = call.whole("expiration_sec", 0);
        if (seconds < 0) {
            throw Refusal.invalid("expiration_sec is negative");
        }
        if (seconds > Tokens.MOST_SECONDS) {
            throw Refusal.invalid("expiration_sec " + seconds + " is bigger than maximum " + Tokens.MOST_SECONDS);
        }
        return Json.object().put("token", tokens.issue(seconds == 0 ? Tokens.DEFAULT_SECONDS : seconds));
    }

    private ObjectNode logout(Call call) {
        tokens.revoke(call.caller());
        return Json.object();
    }

    private static ObjectNode refuse() {
        throw Refusal.bad(
                301, "Invalid user id (protected identity): use 'clearml-agent server credentials' on the server");
    }

    private static ObjectNode currentUser() {
        ObjectNode answer = Json.object();
        ObjectNode user = user(answer.putObject("user")).put("role", Caller.ROLE);
        user.putObject("company").put("id", Caller.COMPANY).put("name", Caller.COMPANY_NAME);
        answer.putObject("getting_started");
        answer.putObject("settings");
        return answer;
    }

    private static ObjectNode userById(Call call) {
        String id = call.required("user");
        if (!id.equals(Caller.USER)) {
            throw Refusal.bad(301, "Invalid user id: id=" + id);
        }
        ObjectNode answer = Json.object();
        user(answer.putObject("user")).put("company", Caller.COMPANY).put("role", Caller.ROLE);
        return answer;
    }

    private static ObjectNode allUsers() {
        ObjectNode answer = Json.object();
        user(answer.putArray("users").addObject());
        return answer;
    }

    private static ObjectNode user(ObjectNode target) {
        return target.put("id", Caller.USER).put("name", Caller.USER_NAME);
    }
}
