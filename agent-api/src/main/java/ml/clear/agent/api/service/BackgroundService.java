// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.service;

import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.Stability;

/** A service that runs in a process of its own beside the agent, and outlives it. Safe for several threads and processes. */
@Stability.Incubating(since = "0.1")
public interface BackgroundService {

    /** What it offers while it runs. */
    Set<Offer> offers();

    /** Where it runs, when it runs. */
    Optional<ServiceEndpoint> running() throws InterruptedException;

    /**
     * Start it unless it runs. Two callers at the same moment, in two processes too, get the same one.
     *
     * @return where it runs, ready to answer
     * @throws ml.clear.agent.api.error.AgentException {@code LAUNCH_FAILED} when it does not start; the message says why
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
