// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Registers containers that serve models. They report about once a minute, so entries are not stored; an entry expires
 * when its time-out passes without a report. Safe for several threads.
 */
final class ServingEndpoints {

    private static final ApiVersion SINCE = ApiVersion.of(2, 31);
    private static final long DEFAULT_TIMEOUT = 600;
    private static final List<String> TEXTS =
            List.of("endpoint_url", "model_source", "model_version", "preprocess_artifact", "input_type");
    private static final List<String> COUNTS = List.of("uptime_sec", "requests_num", "latency_ms");

    private final Stores stores;
    private final InstantSource steady;
    private final Map<String, Container> containers = new LinkedHashMap<>();

    /** A container's last report, and its expiry time. */
    private record Container(ObjectNode entry, long timeout, Instant end) {}

    private ServingEndpoints(Stores stores, InstantSource steady) {
        this.stores = stores;
        this.steady = steady;
    }

    static void register(Routes routes, Stores stores, InstantSource steady) {
        ServingEndpoints serving = new ServingEndpoints(stores, steady);
        since(routes, "serving.register_container", serving::register);
        since(routes, "serving.unregister_container", serving::unregister);
        since(routes, "serving.container_status_report", serving::report);
        since(routes, "serving.get_endpoints", call -> serving.endpoints());
        since(routes, "serving.get_loading_instances", call -> serving.loading());
        since(routes, "serving.get_endpoint_details", serving::details);
    }

    private static void since(Routes routes, String name, Endpoint.Handler handler) {
        routes.add(new Endpoint(name, SINCE, Set.of(), handler));
    }

    private synchronized ObjectNode register(Call call) {
        long timeout = call.whole("timeout", DEFAULT_TIMEOUT);
        if (timeout < 1) {
            throw Refusal.invalid("'timeout' must be at least 1");
        }
        put(call.required("container_id"), described(call), timeout);
        return Json.object();
    }

    private synchronized ObjectNode unregister(Call call) {
        containers.remove(call.required("container_id"));
        return Json.object();
    }

    private synchronized ObjectNode report(Call call) {
        String id = call.required("container_id");
        call.required("endpoint_url");
        ObjectNode entry = described(call).put("last_update", stores.now());
        for (String member : COUNTS) {
            if (call.has(member)) {
                entry.put(member, call.whole(member, 0));
            }
        }
        if (call.has("requests_min")) {
            entry.put("requests_min", call.number("requests_min"));
        }
        call.object("machine_stats").ifPresent(stats -> entry.set("machine_stats", stats));
        Container before = containers.get(id);
        put(id, entry, before == null ? DEFAULT_TIMEOUT : before.timeout());
        return Json.object();
    }

    private void put(String id, ObjectNode entry, long timeout) {
        containers.put(id, new Container(entry, timeout, steady.instant().plus(Duration.ofSeconds(timeout))));
    }

    private static ObjectNode described(Call call) {
        ObjectNode entry = Json.object()
                .put("id", call.required("container_id"))
                .put("endpoint", call.required("endpoint_name"))
                .put("model", call.required("model_name"))
                .put("ip", call.origin().address());
        TEXTS.forEach(member -> call.text(member).ifPresent(text -> entry.put(member, text)));
        if (call.has("input_size")) {
            entry.put("input_size", call.scalar("input_size"));
        }
        entry.set("tags", Names.list(call.texts("tags")));
        entry.set("system_tags", Names.list(call.texts("system_tags")));
        ArrayNode reference = entry.putArray("reference");
        call.objects("reference").forEach(reference::add);
        return entry;
    }

    private synchronized List<ObjectNode> alive() {
        Instant now = steady.instant();
        containers.values().removeIf(container -> !container.end().isAfter(now));
        return containers.values().stream().map(Container::entry).toList();
    }

    private static boolean reports(ObjectNode entry) {
        return entry.has("last_update");
    }

    private ObjectNode endpoints() {
        Map<String, List<ObjectNode>> byUrl = alive().stream()
                .filter(ServingEndpoints::reports)
                .collect(Collectors.groupingBy(
                        entry -> entry.path("endpoint_url").asString(""), LinkedHashMap::new, Collectors.toList()));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("endpoints");
        byUrl.forEach((url, instances) -> list.add(summary(url, instances)));
        return answer;
    }

    private static ObjectNode summary(String url, List<ObjectNode> instances) {
        ObjectNode first = instances.getFirst();
        ObjectNode shown = Json.object().put("url", url);
        shown.set("endpoint", first.path("endpoint"));
        shown.set("model", first.path("model"));
        return shown.put("instances", instances.size())
                .put(
                        "uptime_sec",
                        instances.stream()
                                .mapToLong(entry -> entry.path("uptime_sec").asLong(0))
                                .max()
                                .orElse(0))
                .put(
                        "requests",
                        instances.stream()
                                .mapToLong(entry -> entry.path("requests_num").asLong(0))
                                .sum())
                .put(
                        "requests_min",
                        instances.stream()
                                .mapToDouble(entry -> entry.path("requests_min").asDouble(0))
                                .sum())
                .put(
                        "latency_ms",
                        instances.stream()
                                .mapToLong(entry -> entry.path("latency_ms").asLong(0))
                                .max()
                                .orElse(0))
                .put(
                        "last_update",
                        instances.stream()
                                .map(entry -> entry.path("last_update").asString(""))
                                .max(Comparator.naturalOrder())
                                .orElse(""));
    }

    private ObjectNode loading() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("instances");
        alive().stream().filter(entry -> !reports(entry)).forEach(list::add);
        return answer;
    }

    private ObjectNode details(Call call) {
        String url = call.required("endpoint_url");
        List<ObjectNode> instances = alive().stream()
                .filter(entry -> reports(entry)
                        && entry.path("endpoint_url").asString("").equals(url))
                .toList();
        if (instances.isEmpty()) {
            throw Refusal.bad(10, "Invalid id: no container serves the endpoint, endpoint_url=" + url);
        }
        ObjectNode answer = summary(url, instances);
        ObjectNode first = instances.getFirst();
        for (String member :
                List.of("model_source", "model_version", "preprocess_artifact", "input_type", "input_size")) {
            if (first.has(member)) {
                answer.set(member, first.path(member));
            }
        }
        ArrayNode list = answer.putArray("instances");
        instances.forEach(list::add);
        return answer;
    }
}
