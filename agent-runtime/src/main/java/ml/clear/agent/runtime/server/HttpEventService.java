// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.math.BigDecimal;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;

/** The calls {@code events.*}. */
final class HttpEventService implements EventService {

    private static final System.Logger LOG = System.getLogger(HttpEventService.class.getName());

    private final ApiConnection connection;
    private final long largestRequest;

    HttpEventService(ApiConnection connection, long largestRequest) {
        this.connection = connection;
        this.largestRequest = largestRequest;
    }

    @Override
    public void addLog(List<LogEvent> events) {
        if (events.isEmpty()) {
            return; // the server refuses an empty batch
        }
        Content batch = new Content(
                "application/json-lines", target -> events.forEach(event -> target.accept(document(event))));
        long length = batch.length();
        if (length > largestRequest) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "a batch of " + events.size() + " console events has '" + length
                            + "' bytes, more than api.http.max_req_size, '" + largestRequest + "'; raise it");
        }
        Json answer = connection.call(new ApiRequest("events.add_batch", batch, Repetition.NEVER));
        long added = answer.at("added").number(events.size());
        if (added < events.size()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "task {0}: the server took {1} of {2} console events: {3}",
                    events.getFirst().task(),
                    added,
                    events.size(),
                    answer.at("errors_info").text());
        }
    }

    @Override
    public boolean hasLog(TaskId task, long timestamp) {
        // strictly before the next millisecond, newest first: the event itself comes first if it is there
        Json request = Json.object()
                .with("task", task.value())
                .with("batch_size", 1)
                .with("navigate_earlier", true)
                .with("from_timestamp", timestamp + 1)
                .build();
        return connection.call("events.get_task_log", request, Repetition.FREELY).at("events").items().stream()
                .anyMatch(event -> event.at("timestamp").number(-1) == timestamp);
    }

    @Override
    public void addScalars(List<ScalarEvent> points) {
        if (!points.isEmpty()) {
            Content batch = new Content(
                    "application/json-lines", target -> points.forEach(point -> target.accept(document(point))));
            connection.call(new ApiRequest("events.add_batch", batch, Repetition.NEVER));
        }
    }

    private static Json document(ScalarEvent point) {
        return Json.object()
                .with("type", "training_stats_scalar")
                .with("task", point.task().value())
                .with("worker", point.worker())
                .with("metric", point.title())
                .with("variant", point.series())
                .with("iter", point.iteration())
                .with("value", new Json.Digits(BigDecimal.valueOf(point.value()).toPlainString()))
                .with("timestamp", point.timestamp())
                .build();
    }

    private static Json document(LogEvent event) {
        return Json.object()
                .with("type", "log")
                .with("task", event.task().value())
                .with("level", event.level())
                .with("worker", event.worker())
                .with("msg", event.message())
                .with("timestamp", event.timestamp())
                .build();
    }
}
