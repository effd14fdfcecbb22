// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.runtime.worker.GpuShare;
import ml.clear.agent.runtime.worker.QueueOrder;
import ml.clear.agent.runtime.worker.Timetable;
import org.jspecify.annotations.Nullable;

/**
 * The options of the command line for a daemon.
 *
 * @param queues names or ids, the most important one first; empty for the server's default queue
 * @param createQueues whether a queue that does not exist is created
 * @param order in which order queues are asked
 * @param services how many tasks run at once in services mode, 0 without limit; null for no services mode
 * @param poll the requested time between two polls; null when not given
 * @param tags the tags of the worker
 * @param gpus the GPUs that tasks may use; {@code none} for no GPU, null when not given
 * @param shares how many GPUs a task gets, one share for each queue; empty for all GPUs to one task
 * @param timetable when tasks are taken; null when not given
 * @param executeOptions further options of every execute process
 * @param variables what options set in the configuration, under the names of the variables that would
 * @param detached whether it runs in the background
 * @param log where the daemon writes; empty for its terminal
 */
public record DaemonOptions(
        List<String> queues,
        boolean createQueues,
        QueueOrder order,
        @Nullable Integer services,
        @Nullable Duration poll,
        List<String> tags,
        @Nullable String gpus,
        List<GpuShare> shares,
        @Nullable Timetable timetable,
        List<String> executeOptions,
        Map<String, String> variables,
        boolean detached,
        String log) {

    /** Copies the lists. */
    public DaemonOptions {
        queues = List.copyOf(queues);
        Objects.requireNonNull(order);
        tags = List.copyOf(tags);
        shares = List.copyOf(shares);
        executeOptions = List.copyOf(executeOptions);
        variables = Map.copyOf(variables);
        Objects.requireNonNull(log);
    }

    Optional<Integer> serviceLimit() {
        return Optional.ofNullable(services);
    }

    Optional<Duration> pollAskedFor() {
        return Optional.ofNullable(poll);
    }

    Optional<Timetable> timetableAskedFor() {
        return Optional.ofNullable(timetable);
    }

    boolean dynamicGpus() {
        return !shares.isEmpty();
    }

    Optional<String> gpusAskedFor() {
        return serviceLimit().map(_ -> Gpus.NONE).or(() -> Optional.ofNullable(gpus));
    }
}
