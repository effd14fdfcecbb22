// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;

/**
 * Tasks on the server. A final status ({@link #completed}, {@link #failed}, {@link #stopped}) is not retried when its
 * answer was lost, which is {@code SERVER_PROTOCOL}: only the caller knows whether the status it then finds is its own.
 * Safe for several threads; every method may block while the server is unavailable, as long as the retry settings
 * allow, and throws {@link ml.clear.agent.api.error.AgentException} with a {@code REMOTE} or {@code USER} code.
 */
public interface TaskService {

    /**
     * The whole task.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is none
     */
    Task get(TaskId id);

    /**
     * The whole task as the server's JSON document.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is none
     */
    String document(TaskId id);

    /**
     * What an executor may know about the task, without the name of its project.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code NOT_FOUND} when there is none
     */
    TaskFacts facts(TaskId id);

    /** The address of an artifact that the task has; empty when it has none of this name. */
    Optional<String> artifact(TaskId id, String name);

    /** The tasks with exactly this name, without regard to case; at most 500. */
    List<TaskId> findByName(String name);

    /** The current status and message; empty when the task does not exist any more. Not retried: callers poll. */
    Optional<TaskState> state(TaskId id);

    /**
     * The task's current runtime section; empty when the task does not exist any more. Not retried, as {@link #state}.
     */
    Map<String, String> runtime(TaskId id);

    /** Make a task. */
    TaskId create(NewTask task);

    /** Make a copy, status created, under a new name. */
    TaskId copy(TaskId source, String newName);

    /** Put into a queue. */
    void enqueue(TaskId id, String queueId);

    /** Take out of its queue and make it in progress; whether the status was changed. */
    boolean dequeue(TaskId id);

    /**
     * Set the status to in progress, regardless of the current one.
     *
     * @return whether this call changed the status, as far as the answer shows
     */
    Start started(TaskId id, String reason, String message);

    /** The result of {@link #started}. */
    enum Start {
        /** The task was not in progress before this call. */
        CHANGED,
        /** It was in progress already. */
        UNCHANGED,
        /** The answer does not say, or an earlier try of this call whose answer was lost may have done it. */
        UNKNOWN
    }

    /** Make it completed. A refusal for its state is {@code CONFLICT}. */
    void completed(TaskId id, String reason, String message);

    /** Make it failed. A refusal for its state is {@code CONFLICT}. */
    void failed(TaskId id, String reason, String message);

    /** Make it stopped. A refusal for its state is {@code CONFLICT}. */
    void stopped(TaskId id, String reason, String message);

    /** Ask its runner to stop it. */
    void requestStop(TaskId id);

    /** Report that the task is alive. */
    void ping(TaskId id);

    /** Write down the commit that was checked out. */
    void recordCommit(TaskId id, String commit);

    /** Write down the container that it runs in. */
    void recordContainer(TaskId id, Container container);

    /** Write down what is installed; {@code originalPip} and {@code originalConda} are kept as they are given. */
    void recordRequirements(TaskId id, Requirements requirements);

    /** Add or replace facts in the task's runtime section; the others stay. */
    void recordRuntime(TaskId id, Map<String, String> facts);
}
