// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import ml.clear.agent.api.process.ProcessIdentity;

/**
 * What a daemon is to do.
 *
 * @param worker the id of its worker
 * @param process its process
 * @param queues the ids of the queues, the most important one first
 * @param queueNames their names by their ids, for people
 * @param order in which order they are asked
 * @param capacity how many tasks it runs at once, and where
 * @param stopMode what it does with them when it is stopped
 * @param rhythm when it takes tasks, polls and reports; read each time, since it may change
 */
public record DaemonPlan(
        String worker,
        ProcessIdentity process,
        List<String> queues,
        Map<String, String> queueNames,
        QueueOrder order,
        Capacity capacity,
        StopMode stopMode,
        Supplier<DaemonSchedule> rhythm) {

    /** Copies the lists and checks the numbers. */
    public DaemonPlan {
        Objects.requireNonNull(worker);
        Objects.requireNonNull(process);
        queues = List.copyOf(queues);
        queueNames = Map.copyOf(queueNames);
        Objects.requireNonNull(order);
        Objects.requireNonNull(capacity);
        Objects.requireNonNull(stopMode);
        Objects.requireNonNull(rhythm);
    }

    Timetable timetable() {
        return rhythm.get().timetable();
    }

    List<String> tags() {
        return rhythm.get().tags();
    }

    Duration pollPeriod() {
        return rhythm.get().pollPeriod();
    }

    Duration reportPeriod() {
        return rhythm.get().reportPeriod();
    }

    /** What people call a queue; its id when it has no name. */
    String queueName(String queue) {
        return queueNames.getOrDefault(queue, queue);
    }
}
