// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.execution;

import java.util.Set;
import ml.clear.agent.api.Stability;

/** Starts the execute process of a task and finds it again later. Safe for several threads. */
@Stability.Incubating(since = "0.1")
public interface Executor {

    /** What is special about the place where it starts executions. */
    Set<Capability> capabilities();

    /**
     * Start an execution. It keeps running when the calling process ends, unless {@link Capability#ENDS_WITH_AGENT} is
     * among the capabilities.
     *
     * <p>Idempotent: when the attempt was started before, by this or an earlier process, nothing is started again and
     * that execution is returned, running or ended.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code LAUNCH_FAILED}, {@code PROGRAM_MISSING} or another code
     *     when it cannot be started; nothing of it runs then
     */
    Execution start(ExecutionRequest request) throws InterruptedException;

    /**
     * Find an execution that this or an earlier process started. Whether it lives is for the executor to find out: the numbers
     * of its processes mean nothing outside of its place.
     */
    Attachment attach(ExecutionReference reference) throws InterruptedException;

    /** What an executor may do differently. */
    enum Capability {
        /** The place has its own environment: requirements are installed into it rather than into a new one. */
        BUILDS_OWN_ENVIRONMENT,
        /** An execution does not outlive the agent that started it. */
        ENDS_WITH_AGENT
    }
}
