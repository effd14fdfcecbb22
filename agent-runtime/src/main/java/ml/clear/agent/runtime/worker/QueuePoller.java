// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.execution.PendingDequeues;
import ml.clear.agent.runtime.server.QueueService;

/**
 * Polls the queues for the next task: one request for an empty queue, two for a task. The second request takes the task
 * that the first one returned; the task is recorded between them. Used by one thread.
 */
final class QueuePoller {

    /** So often other agents may be faster before the queue is left for the next look. */
    private static final int RACES = 10;

    private final QueueService queues;
    private final List<String> order;
    private final UnaryOperator<String> names;
    private final QueueOrder rule;
    private final PendingDequeues pendingDequeues;
    private final Console console;
    private final Set<String> missing = new HashSet<>();
    private int first;

    /**
     * A poller.
     *
     * @param order the ids of the queues, the first one asked first
     * @param names the name of a queue by its id
     * @param pendingDequeues where a task is recorded before it is taken
     * @param console where it is printed that a queue does not exist, and that it is back
     */
    QueuePoller(
            QueueService queues,
            List<String> order,
            UnaryOperator<String> names,
            QueueOrder rule,
            PendingDequeues pendingDequeues,
            Console console) {
        this.queues = queues;
        this.order = List.copyOf(order);
        this.names = names;
        this.rule = rule;
        this.pendingDequeues = pendingDequeues;
        this.console = console;
    }

    /**
     * Poll the queues in order, up to the first task.
     *
     * @param served whether a queue, by its id, is served now
     * @param room whether there is room for a task of a queue, by its id
     */
    Poll look(Predicate<String> served, Predicate<String> room) {
        for (int i = 0; i < order.size(); i++) {
            int at = (first + i) % order.size();
            String queue = order.get(at);
            if (!served.test(queue)) {
                continue;
            }
            Poll poll = ask(queue, room);
            if (poll instanceof Poll.Taken) {
                first = rule == QueueOrder.FAIR ? (at + 1) % order.size() : 0;
            }
            if (!(poll instanceof Poll.Nothing)) {
                return poll;
            }
        }
        return new Poll.Nothing();
    }

    private Poll ask(String queue, Predicate<String> room) {
        try {
            Poll poll = new Poll.Nothing();
            for (int race = 0; race < RACES && poll instanceof Poll.Nothing; race++) {
                Optional<TaskId> task = queues.first(queue);
                present(queue);
                if (task.isEmpty()) {
                    break;
                }
                poll = room.test(queue) ? take(pendingDequeues.begin(task.get(), queue)) : new Poll.NoCapacity(queue);
            }
            return poll;
        } catch (AgentException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                return new Poll.Unanswered(e.getMessage());
            }
            absent(queue);
            return new Poll.Nothing();
        }
    }

    /** Nothing when another agent was faster. */
    private Poll take(PendingDequeue dequeue) {
        try {
            if (queues.take(dequeue.queue(), dequeue.task())) {
                return new Poll.Taken(dequeue);
            }
        } catch (AgentException e) {
            if (e.code() == ErrorCode.SERVER_PROTOCOL) {
                return new Poll.Doubtful(dequeue, e.getMessage());
            }
            pendingDequeues.end(dequeue);
            throw e;
        }
        pendingDequeues.end(dequeue);
        return new Poll.Nothing();
    }

    private void absent(String queue) {
        if (missing.add(queue)) {
            console.line(
                    "clearml-agent: queue '" + names.apply(queue)
                            + "' does not exist any more; the others are served, and this one once a queue of that name exists");
        }
    }

    private void present(String queue) {
        if (missing.remove(queue)) {
            console.line("clearml-agent: queue '" + names.apply(queue) + "' exists again");
        }
    }
}
