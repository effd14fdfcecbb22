// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.Assignment;
import ml.clear.agent.runtime.execution.LaunchRecord;

/**
 * The GPUs of a machine, divided among tasks: each gets as many as its queue specifies, exclusively, and is a separate
 * worker that is named after them.
 *
 * @param daemon the id of the daemon's worker
 * @param gpus the GPUs there are
 * @param shares by the ids of the queues
 */
public record GpuCapacity(String daemon, List<String> gpus, Map<String, GpuShare> shares) implements Capacity {

    private static final Pattern COMMA = Pattern.compile(",");

    /** Copies the collections. */
    public GpuCapacity {
        gpus = List.copyOf(gpus);
        shares = Map.copyOf(shares);
    }

    @Override
    public boolean hasRoom(List<LaunchRecord> running) {
        return !free(running).isEmpty();
    }

    @Override
    public boolean hasRoomFor(String queue, List<LaunchRecord> running) {
        return free(running).size() >= share(queue).least();
    }

    @Override
    public Assignment assign(TaskId task, String queue, List<LaunchRecord> running) {
        List<String> free = free(running);
        String own = String.join(
                ",", free.subList(0, Math.min(free.size(), share(queue).most())));
        return new Assignment(
                daemon, daemon.substring(0, daemon.lastIndexOf(':') + 1) + "gpu" + own.replace(':', '.'), own);
    }

    @Override
    public boolean ownWorkers() {
        return true;
    }

    private GpuShare share(String queue) {
        return shares.getOrDefault(queue, new GpuShare(1, 1));
    }

    private List<String> free(List<LaunchRecord> running) {
        List<String> free = new ArrayList<>(gpus);
        running.forEach(
                record -> COMMA.splitAsStream(record.assignment().gpus()).forEach(free::remove));
        return free;
    }
}
