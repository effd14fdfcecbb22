// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.Stability;

/** Starts a task's execute process somewhere, and finds it again. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface Executor {

    /** What is special about the place where it starts executions. */
    Set<Capability> capabilities();

    /**
     * Start an execution. It goes on when the calling process ends, unless
     * {@link Capability#ENDS_WITH_AGENT} is among the capabilities.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code LAUNCH_FAILED}, {@code PROGRAM_MISSING} or another code when
     *     it cannot be started; nothing of it runs then
     */
    Execution start(ExecutionRequest request) throws InterruptedException;

    /**
     * Find an execution that this or an earlier process started.
     *
     * @param handle what {@link Execution#handle()} gave
     * @return empty when it is gone without a trace
     */
    Optional<Execution> attach(String handle) throws InterruptedException;

    /** What an executor may do differently. */
    enum Capability {
        /** The place has its own environment: requirements are installed into it rather than into a new one. */
        BUILDS_OWN_ENVIRONMENT,
        /** An execution does not outlive the agent that started it. */
        ENDS_WITH_AGENT
    }
}
