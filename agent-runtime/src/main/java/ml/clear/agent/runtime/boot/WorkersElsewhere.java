// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.server.WorkerService;

/** The ids of workers that live on other machines, or under other users, as far as the server knows them. */
final class WorkersElsewhere {

    private static final System.Logger LOG = System.getLogger(WorkersElsewhere.class.getName());

    /** Three of the usual reports; one that is silent for longer has died. */
    private static final Duration ALIVE = Duration.ofSeconds(90);

    private WorkersElsewhere() {}

    /**
     * The workers that reported lately, without those of this home's running tasks; none when the server is
     * unavailable.
     */
    static Set<String> of(WorkerService workers, Agent agent) {
        try {
            Set<String> ids = new HashSet<>(workers.seen(ALIVE));
            LaunchRecord.list(agent.folders().executions())
                    .forEach(record -> ids.remove(record.assignment().daemon()));
            return ids;
        } catch (AgentException e) {
            LOG.log(System.Logger.Level.WARNING, "workers of other machines are not known: {0}", e.getMessage());
            return Set.of();
        }
    }
}
