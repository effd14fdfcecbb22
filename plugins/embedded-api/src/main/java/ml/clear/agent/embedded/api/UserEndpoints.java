// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Condition;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Kind;
import ml.clear.agent.embedded.store.Query;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Source;
import tools.jackson.databind.node.ObjectNode;

/** The one user. */
final class UserEndpoints {

    private final Stores stores;
    private final Lists lists;

    private UserEndpoints(Stores stores, Lists lists) {
        this.stores = stores;
        this.lists = lists;
    }

    static void register(Routes routes, Stores stores, Lists lists) {
        UserEndpoints users = new UserEndpoints(stores, lists);
        routes.add("users.get_current_user", call -> current())
                .add("users.get_by_id", UserEndpoints::byId)
                .add("users.get_all", users::all)
                .add("users.get_all_ex", users::all);
    }

    private static ObjectNode current() {
        ObjectNode answer = Json.object();
        ObjectNode user = answer.putObject("user")
                .put("id", Caller.USER)
                .put("name", Caller.USER_NAME)
                .put("role", Caller.ROLE);
        user.putObject("company").put("id", Caller.COMPANY).put("name", Caller.COMPANY_NAME);
        answer.putObject("getting_started");
        answer.putObject("settings");
        return answer;
    }

    private static ObjectNode byId(Call call) {
        String id = call.required("user");
        if (!id.equals(Caller.USER)) {
            throw Refusal.bad(301, "Invalid user id: id=" + id);
        }
        ObjectNode answer = Json.object();
        answer.set("user", document().put("company", Caller.COMPANY).put("role", Caller.ROLE));
        return answer;
    }

    private static ObjectNode document() {
        return Json.object().put("id", Caller.USER).put("name", Caller.USER_NAME);
    }

    private ObjectNode all(Call call) {
        Query query = Query.of(Kind.USER, Source.of(document()), call.arguments());
        List<String> projects = call.texts("active_in_projects");
        ObjectNode answer = Json.object();
        stores.database()
                .read(session -> answer.set(
                        "users",
                        query.project(lists.find(
                                session,
                                query,
                                (own, narrowing, visitor) -> visitor.accept(document()),
                                active(projects),
                                call,
                                answer))));
        return answer;
    }

    private static Condition active(List<String> projects) {
        return projects.isEmpty()
                ? Condition.ALL
                : Condition.in("project", projects).inside("EXISTS (SELECT 1 FROM task WHERE ", ")");
    }
}
