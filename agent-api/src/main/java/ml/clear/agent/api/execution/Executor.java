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
     * Check that executions can be started here. Called once when a daemon starts, so that a missing program or a refused
     * permission is reported then and not for the first task. May take a while; does nothing unless overridden.
     *
     * @throws ml.clear.agent.api.error.AgentException when no execution can be started, with the reason
     */
    default void verify() throws InterruptedException {}

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
     * of its processes mean nothing outside of its place, see {@link Capability#SHARES_PROCESSES}.
     */
    Attachment attach(ExecutionReference reference) throws InterruptedException;

    /** What an executor may do differently. */
    enum Capability {
        /** The place has its own environment: requirements are installed into it rather than into a new one. */
        BUILDS_OWN_ENVIRONMENT,
        /** An execution does not outlive the agent that started it. */
        ENDS_WITH_AGENT,
        /**
         * Executions are processes of this machine, in the agent's own process space. The agent then looks for processes
         * that outlive their execute process, and ends them, by their numbers. Without it, the end of an execution is the
         * end of all its processes, and only the executor's answers count.
         */
        SHARES_PROCESSES,

        /** The place of an execution can be kept as an image, see {@link ExecutionRequest#image}. */
        KEEPS_IMAGES
    }
}
