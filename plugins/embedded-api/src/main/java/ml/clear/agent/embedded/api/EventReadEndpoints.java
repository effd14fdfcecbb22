// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.embedded.store.Event;
import ml.clear.agent.embedded.store.EventPages;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.LogReader;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Slices;
import tools.jackson.databind.node.ObjectNode;

/** Returns events. */
final class EventReadEndpoints {

    private static final int MOST = 10_000;
    private static final Pattern SCROLL = Pattern.compile("(-?\\d{1,19})\\.(asc|desc)");
    private static final String START = "start";

    private final Stores stores;
    private final LogReader logs = new LogReader();
    private final EventOwners owners;
    private final EventPages pages;

    private EventReadEndpoints(Stores stores) {
        this.stores = stores;
        this.owners = new EventOwners(stores);
        this.pages = new EventPages(stores.database());
    }

    static void register(Routes routes, Stores stores) {
        EventReadEndpoints events = new EventReadEndpoints(stores);
        routes.add("events.get_task_log", events::log)
                .add("events.get_task_events", events::events)
                .add("events.get_scalar_metric_data", events::scalars);
    }

    private ObjectNode log(Call call) {
        String task = call.required("task");
        int size = size(call, 5000);
        boolean earlier = call.flag("navigate_earlier", true);
        long from = call.whole("from_timestamp", 0);
        String order = order(call, earlier ? "desc" : "asc");
        return stores.database().read(session -> {
            stores.task(session, task);
            LogReader.Events found = logs.read(
                    session,
                    new LogReader.Page(task, size, earlier, from == 0 ? OptionalLong.empty() : OptionalLong.of(from)));
            ObjectNode answer = Json.object();
            List<Long> rows = order.equals("desc") == earlier
                    ? found.rows()
                    : found.rows().reversed();
            answer.set("events", Json.list(Slices.events(stores.database(), task, Event.LOG, rows)));
            answer.put("returned", rows.size()).put("total", found.total());
            if (call.version().below(2, 9)) {
                answer.put("scroll_id", START);
            }
            return answer;
        });
    }

    /** The numbers of one metric: a special form of the call for events of any type. */
    private ObjectNode scalars(Call call) {
        ObjectNode events = Json.object()
                .put("task", call.required("task"))
                .put("event_type", Event.SCALAR)
                .put("batch_size", MOST)
                .put("scroll_id", call.text("scroll_id", ""))
                .put(EventOwners.MODEL_EVENTS, call.flag(EventOwners.MODEL_EVENTS, false));
        call.text("metric").ifPresent(metric -> events.putArray("metrics").add(metric));
        return events(call.with(events));
    }

    private ObjectNode events(Call call) {
        String task = call.required("task");
        String type = call.text("event_type", Event.LOG);
        int size = Math.max(1, size(call, 500));
        String scroll = call.text("scroll_id", "");
        boolean ascending = order(call, "asc").equals("asc");
        OptionalLong beyond = OptionalLong.empty();
        if (!scroll.isEmpty() && !scroll.equals(START)) {
            Matcher matcher = SCROLL.matcher(scroll);
            if (!matcher.matches()) {
                throw Refusal.bad(1104, "Invalid scroll id: scroll_id=" + scroll);
            }
            ascending = matcher.group(2).equals("asc");
            beyond = OptionalLong.of(position(matcher.group(1), scroll));
        }
        EventPages.Page page = new EventPages.Page(task, type, size, ascending, beyond, call.metrics("metrics"));
        return stores.database().read(session -> {
            owners.require(session, call, task);
            EventPages.Events found = pages.read(session, page);
            ObjectNode answer = Json.object();
            answer.set("events", found.events());
            answer.put("returned", found.returned()).put("total", found.total());
            String direction = page.ascending() ? ".asc" : ".desc";
            String unchanged = scroll.isEmpty() ? START : scroll;
            return answer.put("scroll_id", found.end().isPresent() ? found.end().getAsLong() + direction : unchanged);
        });
    }

    private static long position(String digits, String scroll) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw Refusal.bad(1104, "Invalid scroll id: scroll_id=" + scroll);
        }
    }

    private static int size(Call call, int fallback) {
        long size = call.whole("batch_size", fallback);
        if (size < 0 || size > MOST) {
            throw Refusal.invalid("batch_size must be between 0 and " + MOST);
        }
        return (int) size;
    }

    private static String order(Call call, String fallback) {
        String order = call.text("order", fallback);
        if (!Set.of("asc", "desc").contains(order)) {
            throw Refusal.invalid("'order' must be asc or desc");
        }
        return order;
    }
}
