// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.TaskDocuments;
import ml.clear.agent.embedded.store.Timestamps;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The life of a task: started, stopped, failed, completed, published, and requests to stop. */
final class TaskStatusEndpoints {

    private static final Duration RUNNER_IS_GONE = Duration.ofMinutes(10);
    private static final Set<TaskStatus> PUBLISHABLE = Set.of(
            TaskStatus.STOPPED, TaskStatus.CLOSED, TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.PUBLISHING);

    private final Stores stores;

    private TaskStatusEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        TaskStatusEndpoints status = new TaskStatusEndpoints(stores);
        routes.add("tasks.started", status::started)
                .add("tasks.stopped", call -> status.end(call, TaskStatus.STOPPED))
                .add("tasks.failed", call -> status.end(call, TaskStatus.FAILED))
                .add("tasks.completed", status::completed)
                .add("tasks.close", call -> status.change(call, TaskStatus.CLOSED))
                .add("tasks.publish", status::publish)
                .add("tasks.publish_many", ManyEndpoint.of("task", "published", status::publish))
                .add("tasks.stop", status::stop)
                .add("tasks.stop_many", ManyEndpoint.of("task", "stopped", status::stop))
                .add("tasks.ping", status::ping);
    }

    private ObjectNode started(Call call) {
        String id = call.required("task");
        StatusChange change = StatusChange.of(call, TaskStatus.IN_PROGRESS);
        return stores.database().write(session -> {
            ObjectNode task = stores.tasks()
                    .find(session, id)
                    .orElseThrow(() -> Refusal.bad(10, "Invalid id: id=" + id + ", company=" + Caller.COMPANY));
            boolean fresh = StatusChange.present(task) != TaskStatus.IN_PROGRESS
                    || task.path("started").asString("").isEmpty();
            Changes changes = change.apply(stores, task);
            if (fresh) {
                changes.set("started", stores.now()).remove("completed").remove("active_duration");
            }
            return save(session, changes).put("started", 1);
        });
    }

    private ObjectNode change(Call call, TaskStatus next) {
        String id = call.required("task");
        StatusChange change = StatusChange.of(call, next);
        return stores.database().write(session -> save(session, change.apply(stores, stores.task(session, id))));
    }

    private ObjectNode end(Call call, TaskStatus next) {
        String id = call.required("task");
        StatusChange change = StatusChange.of(call, next);
        return stores.database().write(session -> {
            Changes changes = change.apply(stores, stores.task(session, id));
            return save(session, changes.set("completed", stores.now()));
        });
    }

    private ObjectNode completed(Call call) {
        String id = call.required("task");
        boolean publish = call.flag("publish", false);
        StatusChange change = StatusChange.of(call, TaskStatus.COMPLETED);
        return stores.database().write(session -> {
            Changes changes = change.apply(stores, stores.task(session, id));
            ObjectNode answer = save(session, changes.set("completed", stores.now()));
            if (publish) {
                publish(session, id, StatusChange.of(call, TaskStatus.PUBLISHED));
                answer.put("published", 1);
            }
            return answer;
        });
    }

    private ObjectNode publish(Call call) {
        String id = call.required("task");
        StatusChange change = StatusChange.of(call, TaskStatus.PUBLISHED);
        boolean models = call.flag("publish_model", true);
        return stores.database().write(session -> {
            if (models) {
                outputModelsAreReady(session, stores.task(session, id));
            }
            return publish(session, id, change);
        });
    }

    /** Publish a task; also for models, whose creators are published with them. */
    private ObjectNode publish(Session session, String id, StatusChange change) {
        return publish(stores, session, id, change);
    }

    static ObjectNode publish(Stores stores, Session session, String id, StatusChange change) {
        ObjectNode task = stores.task(session, id);
        TaskStatus present = StatusChange.present(task);
        if (!change.force() && !PUBLISHABLE.contains(present)) {
            throw StatusChange.refusal(task, "it is " + present.word() + " and cannot be published");
        }
        Changes changes = change.forced().apply(stores, task).set("published", stores.now());
        stores.tasks().save(session, task);
        return changes.answer();
    }

    private void outputModelsAreReady(Session session, ObjectNode task) {
        for (JsonNode output : task.path("models").path("output")) {
            stores.models().find(session, output.path("model").asString("")).ifPresent(model -> {
                if (!model.path("ready").asBoolean(true)) {
                    model.put("ready", true).put("last_update", stores.now());
                    stores.models().save(session, model);
                }
            });
        }
    }

    private ObjectNode stop(Call call) {
        String id = call.required("task");
        boolean force = call.force();
        String reason = call.text("status_reason", "");
        return stores.database().write(session -> {
            ObjectNode task = stores.task(session, id);
            for (ObjectNode step : PipelineSteps.included(stores, session, call, task)) {
                TaskStatus present = StatusChange.present(step);
                if (present == TaskStatus.QUEUED || present == TaskStatus.IN_PROGRESS) {
                    stop(session, step, reason, force);
                }
            }
            return stop(session, task, reason, force);
        });
    }

    private ObjectNode stop(Session session, ObjectNode task, String reason, boolean force) {
        if (hasNoRunner(task)) {
            stores.entries().removeElsewhere(session, "", task.path("id").stringValue());
            StatusChange change = new StatusChange(TaskStatus.STOPPED, reason, "Stopped by " + Caller.USER_NAME, force);
            return save(session, change.apply(stores, task));
        }
        TaskStatus present = StatusChange.present(task);
        if (present != TaskStatus.IN_PROGRESS && !force) {
            throw StatusChange.refusal(task, "it is " + present.word() + " and cannot be stopped");
        }
        return save(session, new StatusChange(present, reason, "stopping", true).apply(stores, task));
    }

    private boolean hasNoRunner(ObjectNode task) {
        return StatusChange.present(task) == TaskStatus.QUEUED
                || Names.contains(task.path("system_tags"), "development")
                || task.path("last_worker").asString("").isEmpty()
                || Timestamps.parse(task.path("last_update").asString(""))
                        .filter(heard -> heard.plus(RUNNER_IS_GONE)
                                .isAfter(stores.clock().instant()))
                        .isEmpty();
    }

    private ObjectNode ping(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            heard(stores, session, id);
            return Json.object();
        });
    }

    /** Note that a task is alive, and for how long it has been running. */
    static void heard(Stores stores, Session session, String id) {
        Optional<TaskDocuments.Progress> progress = stores.tasks().progress(session, id);
        stores.tasks().touch(session, id, live -> {
            live.put("last_update", stores.now());
            progress.ifPresent(found -> activeDuration(stores, found, live));
        });
    }

    static void activeDuration(Stores stores, TaskDocuments.Progress progress, ObjectNode live) {
        if (progress.status().equals(TaskStatus.IN_PROGRESS.word())) {
            Timestamps.parse(progress.started())
                    .ifPresent(started -> live.put(
                            "active_duration",
                            Duration.between(started, stores.clock().instant()).toSeconds()));
        }
    }

    private ObjectNode save(Session session, Changes changes) {
        stores.tasks().save(session, changes.document());
        return changes.answer();
    }
}
