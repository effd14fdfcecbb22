// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.StateFile;

/**
 * A daemon of this machine, as other processes know it from its file.
 *
 * @param id the id of its worker
 * @param slot its number among the daemons of this machine
 * @param process its process
 * @param started when it was started
 * @param queues the names of its queues
 * @param log where it writes; empty for its terminal
 * @param stopMode what it does with its tasks when it is stopped
 */
public record LocalWorker(
        String id,
        int slot,
        ProcessIdentity process,
        Instant started,
        List<String> queues,
        String log,
        StopMode stopMode) {

    private static final String SEPARATOR = "\n";

    /** Copies the list. */
    public LocalWorker {
        Objects.requireNonNull(id);
        Objects.requireNonNull(process);
        Objects.requireNonNull(started);
        queues = List.copyOf(queues);
        Objects.requireNonNull(log);
        Objects.requireNonNull(stopMode);
    }

    static LocalWorker of(StateFile facts) {
        String queues = facts.required("queues");
        return new LocalWorker(
                facts.required("worker"),
                (int) facts.requiredNumber("slot"),
                ProcessIdentity.parse(facts.required("process")),
                Instant.ofEpochMilli(facts.requiredNumber("started")),
                queues.isEmpty() ? List.of() : List.of(queues.split(SEPARATOR)),
                facts.required("log"),
                StopMode.valueOf(facts.text("stop").orElse(StopMode.LEAVE.name())));
    }

    Map<String, String> facts() {
        return Map.of(
                "worker",
                id,
                "slot",
                Integer.toString(slot),
                "process",
                process.toString(),
                "started",
                Long.toString(started.toEpochMilli()),
                "queues",
                String.join(SEPARATOR, queues),
                "log",
                log,
                "stop",
                stopMode.name());
    }
}
