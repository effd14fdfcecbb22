// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.QueueService;

/** Asks the queues for the next task, one request a queue. Used by one thread. */
final class QueuePoller {

    private final QueueService queues;
    private final List<String> order;
    private final QueueOrder rule;
    private final Console console;
    private final Set<String> missing = new HashSet<>();
    private int first;

    /**
     * A poller.
     *
     * @param order the ids of the queues, the first one asked first
     * @param console where it is told that a queue does not exist, and that it is back
     */
    QueuePoller(QueueService queues, List<String> order, QueueOrder rule, Console console) {
        this.queues = queues;
        this.order = List.copyOf(order);
        this.rule = rule;
        this.console = console;
    }

    /** Look at the queues in turn, up to the first task. */
    Poll look() {
        for (int i = 0; i < order.size(); i++) {
            int at = (first + i) % order.size();
            String queue = order.get(at);
            try {
                Optional<TaskId> task = queues.next(queue);
                present(queue);
                if (task.isPresent()) {
                    first = rule == QueueOrder.FAIR ? (at + 1) % order.size() : 0;
                    return new Poll.Taken(task.get(), queue);
                }
            } catch (AgentException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    return new Poll.Unanswered(e.getMessage());
                }
                absent(queue);
            }
        }
        return new Poll.Nothing();
    }

    private void absent(String queue) {
        if (missing.add(queue)) {
            console.line("clearml-agent: queue '" + queue
                    + "' does not exist any more; the others are served, and this one again when it is back");
        }
    }

    private void present(String queue) {
        if (missing.remove(queue)) {
            console.line("clearml-agent: queue '" + queue + "' is back");
        }
    }
}
