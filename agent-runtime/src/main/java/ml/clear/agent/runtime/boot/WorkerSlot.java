// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.worker.LocalWorker;
import ml.clear.agent.runtime.worker.LocalWorkers;
import ml.clear.agent.runtime.worker.SlotFiles;
import ml.clear.agent.runtime.worker.StopMode;
import ml.clear.agent.runtime.worker.WorkerNaming;

/** The registration of a worker of this machine, with its id, until it is closed. */
public final class WorkerSlot implements AutoCloseable {

    private final LocalWorkers workers;
    private final LocalWorker self;

    private WorkerSlot(LocalWorkers workers, LocalWorker self) {
        this.workers = workers;
        this.self = self;
    }

    /**
     * Register this process.
     *
     * @param server lists the workers of other machines
     * @param gpus the GPUs that the command line names
     * @throws ml.clear.agent.api.error.AgentException when another worker with the same id runs on this machine
     */
    public static WorkerSlot take(Agent agent, ClearmlServer server, Optional<String> gpus) {
        LocalWorkers workers = new LocalWorkers(
                agent.folders().workers(), SlotFiles.of(agent.process().environment()));
        WorkerNaming naming = new WorkerNaming(
                agent.configuration().get(WorkerSettings.WORKER_ID).orElse("").strip(),
                agent.folders().workerName(),
                new Gpus(agent.process().environment(), gpus).list(),
                false);
        ProcessIdentity process = ProcessIdentity.current();
        return new WorkerSlot(
                workers,
                workers.join(
                        slot -> new LocalWorker(
                                naming.id(slot),
                                slot,
                                process,
                                agent.clock().instant(),
                                List.of(),
                                "",
                                StopMode.ABORT), // its one task ends with it
                        WorkersElsewhere.of(server.workers(), agent)));
    }

    /** The id. */
    public String id() {
        return self.id();
    }

    @Override
    public void close() {
        workers.leave(self);
    }
}
