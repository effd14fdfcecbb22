// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.EventService;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.ScalarEvent;

/** A server's console that fails as configured: before it stores, after it stored, or between. */
final class FakeEvents implements EventService {

    enum Fault {
        NONE,
        UNAVAILABLE,
        LOST_BEFORE,
        LOST_AFTER,
        LOST_BETWEEN,
        REFUSED
    }

    private final Supplier<Fault> faults;
    private final List<LogEvent> stored = new ArrayList<>();
    private int largestRequest;

    FakeEvents(Supplier<Fault> faults) {
        this.faults = faults;
    }

    @Override
    public synchronized void addLog(List<LogEvent> events) {
        largestRequest = Math.max(
                largestRequest,
                events.stream().mapToInt(event -> event.message().length()).sum());
        switch (faults.get()) {
            case NONE -> stored.addAll(events);
            case UNAVAILABLE -> throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "the server is away");
            case REFUSED -> throw new AgentException(ErrorCode.NOT_FOUND, "the task is gone");
            case LOST_BEFORE -> throw new AgentException(ErrorCode.SERVER_PROTOCOL, "the answer was lost");
            case LOST_AFTER -> {
                stored.addAll(events);
                throw new AgentException(ErrorCode.SERVER_PROTOCOL, "the answer was lost");
            }
            case LOST_BETWEEN -> {
                stored.addAll(events.subList(0, events.size() / 2));
                throw new AgentException(ErrorCode.SERVER_PROTOCOL, "the answer was lost");
            }
        }
    }

    @Override
    public synchronized boolean hasLog(TaskId task, long timestamp) {
        if (faults.get() == Fault.UNAVAILABLE) {
            throw new AgentException(ErrorCode.SERVER_UNAVAILABLE, "the server is away");
        }
        return stored.stream().anyMatch(event -> event.timestamp() == timestamp);
    }

    @Override
    public void addScalars(List<ScalarEvent> points) {
        throw new AssertionError("a console has no scalars");
    }

    /** What is stored, by time, as the results page shows it. */
    synchronized List<LogEvent> events() {
        return stored.stream()
                .sorted((a, b) -> Long.compare(a.timestamp(), b.timestamp()))
                .toList();
    }

    /** The whole console. */
    String console() {
        StringBuilder text = new StringBuilder();
        events().forEach(event -> text.append(event.message()));
        return text.toString();
    }

    synchronized int largestRequest() {
        return largestRequest;
    }
}
