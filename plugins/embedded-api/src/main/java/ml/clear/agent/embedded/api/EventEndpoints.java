// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.TaskDocuments;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Stores events. Invalid lines are counted and do not prevent valid ones from being stored. */
final class EventEndpoints {

    private static final Set<String> MONITORS = Set.of(":monitor:machine", ":monitor:gpu");
    private static final String UNKNOWN_WORKER = "<unknown>";

    private final Stores stores;

    private EventEndpoints(Stores stores) {
        this.stores = stores;
    }

    static void register(Routes routes, Stores stores) {
        EventEndpoints events = new EventEndpoints(stores);
        routes.add(new Endpoint("events.add_batch", ApiVersion.FIRST, Set.of(Endpoint.Trait.BATCH), events::addBatch))
                .add("events.add", call -> events.add(call, call.lines().iterator()));
    }

    private ObjectNode addBatch(Call call) {
        Iterator<JsonNode> lines = call.lines().iterator();
        if (!lines.hasNext()) {
            throw Refusal.bad(17, "Batch contains no items");
        }
        return add(call, lines);
    }

    /** The lines of one task or model. */
    private static final class Share {
        private final List<Event> events = new ArrayList<>();
        private final boolean model;
        private final boolean allowLocked;

        Share(boolean model, boolean allowLocked) {
            this.model = model;
            this.allowLocked = allowLocked;
        }
    }

    private ObjectNode add(Call call, Iterator<JsonNode> lines) {
        String worker = call.origin().worker();
        EventParser parser = new EventParser(stores.clock().millis(), worker.isEmpty() ? UNKNOWN_WORKER : worker);
        Map<String, Share> shares = new LinkedHashMap<>();
        Map<String, Integer> errors = new HashMap<>();
        int read = 0;
        while (lines.hasNext()) {
            JsonNode line = lines.next();
            read++;
            boolean allowLocked = line.path("allow_locked").asBoolean(false);
            try {
                Event event = parser.parse(line);
                Share share = shares.computeIfAbsent(
                        event.owner(), owner -> new Share(EventParser.ofModel(line), allowLocked));
                if (share.allowLocked != allowLocked) {
                    throw Refusal.invalid("inconsistent 'allow_locked' for " + event.owner());
                }
                share.events.add(event);
            } catch (EventParser.BadLine e) {
                errors.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
            }
        }
        Map<String, Integer> refused =
                shares.isEmpty() ? Map.of() : stores.database().write(session -> store(session, shares, parser.now()));
        refused.forEach((text, count) -> errors.merge(text, count, Integer::sum));
        int failed = errors.values().stream().mapToInt(Integer::intValue).sum();
        int added = read - failed;
        if (added == 0) {
            throw Refusal.bad(131, "Events not added: " + String.join("; ", errors.keySet()));
        }
        ObjectNode answer = Json.object().put("added", added).put("errors", failed);
        ObjectNode info = answer.putObject("errors_info");
        errors.forEach(info::put);
        return answer;
    }

    /** Store what may be stored; returns how many lines were refused, by reason. */
    private Map<String, Integer> store(Session session, Map<String, Share> shares, long now) {
        Map<String, Integer> refused = new HashMap<>();
        shares.forEach((owner, share) -> {
            Optional<String> refusal =
                    share.model ? modelRefusal(session, owner) : taskRefusal(session, owner, share.allowLocked);
            if (refusal.isPresent()) {
                refused.merge(refusal.get(), share.events.size(), Integer::sum);
                return;
            }
            stores.events().add(session, owner, share.events, now);
            if (!share.model) {
                noteProgress(session, owner, share.events);
            }
        });
        return refused;
    }

    private Optional<String> modelRefusal(Session session, String model) {
        return stores.models().find(session, model).isPresent()
                ? Optional.empty()
                : Optional.of("Invalid model id " + model);
    }

    private Optional<String> taskRefusal(Session session, String task, boolean allowLocked) {
        Optional<TaskDocuments.Progress> progress = stores.tasks().progress(session, task);
        if (progress.isEmpty()) {
            return Optional.of("Invalid task id " + task);
        }
        return TaskStatus.locked(progress.get().status()) && !allowLocked
                ? Optional.of("Task is published: " + task)
                : Optional.empty();
    }

    private void noteProgress(Session session, String task, List<Event> events) {
        long greatest = Long.MIN_VALUE;
        for (Event event : events) {
            Event.Place place = switch (event) {
                case Event.Log log -> null;
                case Event.Scalar scalar -> scalar.place();
                case Event.Other other -> other.place();
            };
            if (place != null && !MONITORS.contains(place.metric())) {
                greatest = Math.max(greatest, place.iteration());
            }
        }
        long iteration = greatest;
        Optional<TaskDocuments.Progress> progress = stores.tasks().progress(session, task);
        stores.tasks().touch(session, task, live -> {
            live.put("last_update", stores.now());
            progress.ifPresent(found -> TaskStatusEndpoints.activeDuration(stores, found, live));
            if (iteration > live.path("last_iteration").asLong(0)) {
                live.put("last_iteration", iteration);
            }
        });
    }
}
