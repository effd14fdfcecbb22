// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.List;
import ml.clear.agent.api.task.TaskId;

/** Console lines and scalars on the server. Safe for several threads. */
public interface EventService {

    /**
     * Add events, in one request, which is sent once: the server gives them no identity, so repeating is the caller's
     * decision.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code SERVER_UNAVAILABLE} when certainly nothing was stored (no
     *     connection, 429, or 503), {@code SERVER_PROTOCOL} when the answer was lost, so that they may or may not be
     *     stored (also for 502 and 504, which a gateway may answer although the server behind it has received the
     *     request), {@code NOT_FOUND} when the server accepts none for this task, {@code CONFIGURATION_INVALID} when
     *     they exceed {@code api.http.max_req_size}; nothing was sent then
     */
    void addLog(List<LogEvent> events);

    /** Whether the task's console holds an event with exactly this time. */
    boolean hasLog(TaskId task, long timestamp);

    /** Add points of curves, in one request, which is sent once: a point that is lost is not missed. Fails like {@link #addLog}. */
    void addScalars(List<ScalarEvent> points);
}
