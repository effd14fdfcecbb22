// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker's periodic report to the server ({@code workers.status_report}).
 *
 * @param worker its id
 * @param time the time of the report
 * @param tags its tags
 * @param task the id of the task that it runs; empty for none
 * @param queue the id of the queue that the task came from; empty when unknown
 * @param queues the ids of the queues that it serves; empty for one that is no daemon
 * @param machine the load of the machine since the last report that had one; null when this report has none
 */
public record StatusReport(
        String worker,
        Instant time,
        List<String> tags,
        String task,
        String queue,
        List<String> queues,
        @Nullable MachineLoad machine) {

    /** Copies the lists. */
    public StatusReport {
        Objects.requireNonNull(worker);
        Objects.requireNonNull(time);
        tags = List.copyOf(tags);
        Objects.requireNonNull(task);
        Objects.requireNonNull(queue);
        queues = List.copyOf(queues);
    }

    /** The load of the machine, if the report has one. */
    Optional<MachineLoad> load() {
        return Optional.ofNullable(machine);
    }
}
