// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.service;

import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.Stability;

/** A service that runs in a separate process and outlives the agent. Safe for several threads and processes. */
@Stability.Incubating(since = "0.1")
public interface BackgroundService {

    /** What it offers while it runs. */
    Set<Offer> offers();

    /** Where it runs, when it runs. */
    Optional<ServiceEndpoint> running() throws InterruptedException;

    /**
     * Start the service unless it is running. Concurrent callers, also from different processes, get the same instance.
     *
     * @return where it runs, ready to answer
     * @throws ml.clear.agent.api.error.AgentException {@code LAUNCH_FAILED} when it does not start; the message says
     *     why
     */
    ServiceEndpoint ensureRunning() throws InterruptedException;

    /** Stop it. Returns when it has ended: true when it ran before. */
    boolean stop() throws InterruptedException;

    /** What a service may offer. */
    enum Offer {
        /** The ClearML API and a files server. */
        CLEARML_SERVER
    }
}
