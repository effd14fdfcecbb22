// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.ScalarEvent;

/** A fake: keeps the messages that reach it. */
final class FakeEvents implements EventService {

    final List<String> messages = new CopyOnWriteArrayList<>();

    LogEvent line(TaskId task, String message) {
        return new LogEvent(task, "host:0", "INFO", message, 1);
    }

    @Override
    public void addLog(List<LogEvent> events) {
        events.forEach(event -> messages.add(event.message()));
    }

    @Override
    public boolean hasLog(TaskId task, long timestamp) {
        return false;
    }

    @Override
    public void addScalars(List<ScalarEvent> points) {
        messages.add(points.size() + " points");
    }
}
