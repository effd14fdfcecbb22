// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tasks or models that a report shows, with their figures, pictures and numbers: several calls in one. */
final class ReportDataEndpoint {

    private static final List<String> EVENTS =
            List.of("plots", "debug_images", "scalar_metrics_iter_histogram", "single_value_metrics");

    private final Routes routes;

    private ReportDataEndpoint(Routes routes) {
        this.routes = routes;
    }

    /** Add the call, after those that it is made of. */
    static void register(Routes routes) {
        routes.add(new Endpoint(
                "reports.get_task_data", ApiVersion.of(2, 23), Set.of(), new ReportDataEndpoint(routes)::answer));
    }

    private ObjectNode answer(Call call) {
        boolean models = call.flag(EventOwners.MODEL_EVENTS, false);
        String kind = models ? "models" : "tasks";
        ObjectNode query = call.arguments().deepCopy();
        query.remove(EVENTS);
        if (call.has("size") && !query.has("scroll_id") && !call.has("start")) {
            query.put("start", 0);
        }
        ObjectNode found = answer(call, kind + ".get_all_ex", query);
        ObjectNode answer = Json.object();
        answer.set("tasks", found.remove(kind));
        Json.merge(answer, found);
        ArrayNode ids = Json.array();
        Json.elements(answer.path("tasks")).forEach(task -> ids.add(task.path("id")));
        Events events = new Events(call, ids);
        events.request("plots")
                .ifPresent(request -> copy(answer(call, "events.get_multi_task_plots", request), "plots", answer));
        events.request("scalar_metrics_iter_histogram")
                .ifPresent(request -> answer.set(
                        "scalar_metrics_iter_histogram",
                        answer(call, "events.multi_task_scalar_metrics_iter_histogram", request)));
        events.request("single_value_metrics")
                .ifPresent(request -> answer.set(
                        "single_value_metrics",
                        answer(call, "events.get_task_single_value_metrics", request)
                                .path("tasks")));
        events.request("debug_images")
                .ifPresent(request -> answer.set(
                        "debug_images",
                        answer(call, "events.debug_images", events.byTask(request))
                                .path("metrics")));
        return answer;
    }

    private static void copy(ObjectNode from, String member, ObjectNode to) {
        to.set(member, from.path(member));
    }

    private ObjectNode answer(Call call, String name, ObjectNode arguments) {
        return routes.find(new ApiPath(name, ApiVersion.HIGHEST))
                .orElseThrow()
                .handler()
                .answer(call.with(arguments));
    }

    /** The requests for events of some tasks or models. */
    private record Events(Call call, ArrayNode ids) {

        /** The request in a member of the call; empty when there is none, or there are no tasks. */
        Optional<ObjectNode> request(String member) {
            Optional<ObjectNode> given = call.object(member);
            return ids.isEmpty()
                    ? Optional.empty()
                    : given.map(request -> {
                        ObjectNode arguments = request.deepCopy();
                        arguments.set("tasks", ids);
                        return arguments.put(EventOwners.MODEL_EVENTS, call.flag(EventOwners.MODEL_EVENTS, false));
                    });
        }

        /** The same as a list of tasks with their metrics. */
        ObjectNode byTask(ObjectNode request) {
            JsonNode metrics = request.path("metrics");
            request.remove("tasks");
            ArrayNode list = Json.array();
            for (JsonNode id : ids) {
                if (metrics.isEmpty()) {
                    list.addObject().set("task", id);
                }
                for (JsonNode metric : metrics) {
                    ObjectNode wanted = list.addObject();
                    wanted.set("task", id);
                    wanted.set("metric", metric.path("metric"));
                    wanted.set("variants", metric.path("variants"));
                }
            }
            request.set("metrics", list);
            return request;
        }
    }
}
