// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells the server from time to time ({@code workers.status_report}).
 *
 * @param worker its id
 * @param time when it tells this
 * @param tags its tags
 * @param task the id of the task that it runs; empty for none
 * @param queue the id of the queue that the task came from; empty when unknown
 * @param queues the ids of the queues that it serves; empty for one that is no daemon
 * @param machine how the machine has been since the last report that told it; null when this one does not
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

    /** The machine, when it is told. */
    Optional<MachineLoad> load() {
        return Optional.ofNullable(machine);
    }
}
