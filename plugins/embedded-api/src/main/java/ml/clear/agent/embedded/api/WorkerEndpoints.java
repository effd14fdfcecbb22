// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.QueueEntries;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Timestamps;
import ml.clear.agent.embedded.store.WorkerHistory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Registration and status reports of agents. */
final class WorkerEndpoints {

    private static final long DEFAULT_LAST_SEEN = 3600;

    private final Stores stores;
    private final Workers workers;
    private final WorkerHistory history = new WorkerHistory();

    private WorkerEndpoints(Stores stores, Workers workers) {
        this.stores = stores;
        this.workers = workers;
    }

    static void register(Routes routes, Stores stores, Workers workers) {
        WorkerEndpoints endpoints = new WorkerEndpoints(stores, workers);
        routes.add("workers.register", endpoints::register)
                .add("workers.unregister", endpoints::unregister)
                .add("workers.status_report", endpoints::report)
                .add("workers.get_all", endpoints::all)
                .add("workers.get_count", endpoints::count);
    }

    private ObjectNode register(Call call) {
        String worker = call.required("worker");
        List<String> queues = call.texts("queues");
        long timeout = call.whole("timeout", Workers.DEFAULT_TIMEOUT);
        return stores.database().write(session -> {
            queues.forEach(queue -> stores.queue(session, queue));
            workers.renew(session, call, worker, timeout, entry -> {
                entry.put("register_time", stores.now()).set("queues", Names.list(queues));
                setTags(call, entry, "tags");
                setTags(call, entry, "system_tags");
            });
            return Json.object();
        });
    }

    private static void setTags(Call call, ObjectNode entry, String member) {
        entry.set(member, Names.list(call.texts(member).stream().sorted().toList()));
    }

    private ObjectNode unregister(Call call) {
        String worker = call.required("worker");
        return stores.database().write(session -> {
            stores.workers().delete(session, worker);
            return Json.object();
        });
    }

    private ObjectNode report(Call call) {
        String worker = call.required("worker");
        if (!call.has("timestamp")) {
            throw Refusal.invalid("missing field 'timestamp'");
        }
        Instant reported = Instant.ofEpochMilli(call.whole("timestamp", 0));
        Optional<String> task = call.text("task").filter(id -> !id.isEmpty());
        return stores.database().write(session -> {
            workers.renew(session, call, worker, 0, entry -> {
                entry.put("last_report_time", Timestamps.text(reported));
                entry.remove("task");
                entry.remove("queue");
                task.ifPresent(id -> entry.put("task", id));
                call.text("queue").ifPresent(queue -> entry.put("queue", queue));
                if (call.has("queues")) {
                    entry.set("queues", Names.list(call.texts("queues")));
                }
                setTags(call, entry, "tags");
                if (call.has("system_tags")) {
                    setTags(call, entry, "system_tags");
                }
                call.object("machine_stats").ifPresent(stats -> entry.set("machine_stats", stats));
            });
            task.ifPresent(id -> note(session, id, worker));
            history.add(
                    session,
                    worker,
                    stores.clock().instant().getEpochSecond(),
                    task.isPresent(),
                    call.object("machine_stats").orElseGet(Json::object));
            return Json.object();
        });
    }

    private void note(Session session, String task, String worker) {
        String now = stores.now();
        boolean known = stores.tasks()
                .touch(
                        session,
                        task,
                        live -> live.put("last_worker", worker)
                                .put("last_worker_report", now)
                                .put("last_update", now));
        if (!known) {
            throw Stores.unknownTask(task);
        }
    }

    private ObjectNode all(Call call) {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("workers");
        stores.database().read(session -> {
            matching(session, call).forEach(worker -> list.add(shown(session, worker)));
            return list;
        });
        return answer;
    }

    private ObjectNode count(Call call) {
        int count = stores.database().read(session -> matching(session, call).size());
        return Json.object().put("count", count);
    }

    private List<ObjectNode> matching(Session session, Call call) {
        long lastSeen = call.whole("last_seen", DEFAULT_LAST_SEEN);
        Pattern pattern = glob(call.text("worker_pattern", "*"));
        List<String> tags = call.texts("tags");
        List<String> systemTags = call.texts("system_tags");
        return workers.alive(session, lastSeen).stream()
                .filter(worker ->
                        pattern.matcher(worker.path("id").stringValue()).matches())
                .filter(worker ->
                        tags.isEmpty() || tags.stream().anyMatch(tag -> Names.contains(worker.path("tags"), tag)))
                .filter(worker -> systemTags.isEmpty()
                        || systemTags.stream().anyMatch(tag -> Names.contains(worker.path("system_tags"), tag)))
                .toList();
    }

    static Pattern glob(String text) {
        return Pattern.compile(
                text.chars()
                        .mapToObj(letter -> switch (letter) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(letter));
                        })
                        .collect(Collectors.joining()),
                Pattern.DOTALL);
    }

    private ObjectNode shown(Session session, ObjectNode worker) {
        worker.remove("machine_stats");
        worker.putObject("user").put("id", Caller.USER).put("name", Caller.USER_NAME);
        worker.putObject("company").put("id", Caller.COMPANY).put("name", Caller.COMPANY_NAME);
        JsonNode queue = worker.remove("queue");
        if (queue != null) {
            stores.queues()
                    .find(session, queue.asString(""))
                    .ifPresent(found -> worker.putObject("queue")
                            .put("id", found.path("id").asString(""))
                            .put("name", found.path("name").asString("")));
        }
        JsonNode task = worker.remove("task");
        if (task != null) {
            stores.tasks().find(session, task.asString("")).ifPresent(found -> addTask(session, worker, found));
        }
        JsonNode queues = worker.path("queues");
        ArrayNode shown = Json.array();
        queues.forEach(id -> shown.add(shownQueue(session, id.asString(""))));
        worker.set("queues", shown);
        return worker;
    }

    private void addTask(Session session, ObjectNode worker, ObjectNode task) {
        ObjectNode shown = worker.putObject("task")
                .put("id", task.path("id").asString(""))
                .put("name", task.path("name").asString(""))
                .put("last_iteration", task.path("last_iteration").asLong(0));
        Timestamps.parse(task.path("started").asString(""))
                .ifPresent(started -> shown.put(
                        "running_time",
                        Duration.between(started, stores.clock().instant()).toMillis()));
        stores.projects()
                .find(session, task.path("project").asString(""))
                .ifPresent(project -> worker.putObject("project")
                        .put("id", project.path("id").asString(""))
                        .put("name", project.path("name").asString("")));
    }

    private ObjectNode shownQueue(Session session, String id) {
        ObjectNode shown = Json.object().put("id", id);
        stores.queues().find(session, id).ifPresent(queue -> {
            List<QueueEntries.Entry> entries = stores.entries().of(session, id);
            shown.put("name", queue.path("name").asString("")).put("num_tasks", entries.size());
            entries.stream()
                    .findFirst()
                    .flatMap(entry -> stores.tasks().find(session, entry.task()))
                    .ifPresent(task -> shown.putObject("next_task")
                            .put("id", task.path("id").asString(""))
                            .put("name", task.path("name").asString("")));
        });
        return shown;
    }
}
