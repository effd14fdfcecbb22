// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.ForwardingServer;
import ml.clear.agent.runtime.server.QueueService;
import ml.clear.agent.runtime.server.StatusReport;
import ml.clear.agent.runtime.server.WorkerService;

/**
 * Keeps the ids of a daemon's queues valid. When a queue is deleted and created again under its name, the server gives it a
 * new id; calls with the old id are sent with the new one from then on. Safe for several threads.
 */
public final class RecreatedQueues extends ForwardingServer {

    private final Map<String, String> names;
    private final Map<String, String> renewed = new ConcurrentHashMap<>();

    /**
     * A server.
     *
     * @param names the names of the daemon's queues by their ids
     */
    public RecreatedQueues(ClearmlServer server, Map<String, String> names) {
        super(server);
        this.names = Map.copyOf(names);
    }

    @Override
    public QueueService queues() {
        return new Queues(super.queues());
    }

    @Override
    public WorkerService workers() {
        return new Workers(super.workers());
    }

    private String current(String queue) {
        return renewed.getOrDefault(queue, queue);
    }

    private List<String> current(List<String> queues) {
        return queues.stream().map(this::current).toList();
    }

    private final class Queues implements QueueService {

        private final QueueService queues;

        Queues(QueueService queues) {
            this.queues = queues;
        }

        @Override
        public Optional<TaskId> first(String queue) {
            try {
                return queues.first(current(queue));
            } catch (AgentException e) {
                if (e.code() != ErrorCode.NOT_FOUND || !renew(queue)) {
                    throw e;
                }
                return queues.first(current(queue));
            }
        }

        /** Whether a queue of this name has another id now. */
        private boolean renew(String queue) {
            Optional<String> found = Optional.ofNullable(names.get(queue)).flatMap(queues::find);
            return found.isPresent() && !found.get().equals(renewed.put(queue, found.get()));
        }

        @Override
        public boolean take(String queue, TaskId task) {
            return queues.take(current(queue), task);
        }

        @Override
        public void putBack(String queue, TaskId task, Place place) {
            queues.putBack(current(queue), task, place);
        }

        @Override
        public Map<String, List<String>> tags(List<String> asked) {
            return translated(queues.tags(current(asked)), asked);
        }

        @Override
        public Map<String, String> names(List<String> asked) {
            return translated(queues.names(current(asked)), asked);
        }

        private <T> Map<String, T> translated(Map<String, T> found, List<String> asked) {
            Map<String, T> translated = new HashMap<>(found);
            for (String queue : asked) {
                T value = translated.remove(current(queue));
                if (value != null) {
                    translated.put(queue, value);
                }
            }
            return translated;
        }

        @Override
        public Optional<String> find(String nameOrId) {
            return queues.find(nameOrId);
        }

        @Override
        public String create(String name) {
            return queues.create(name);
        }

        @Override
        public Optional<String> findDefault() {
            return queues.findDefault();
        }

        @Override
        public List<String> similar(String name) {
            return queues.similar(name);
        }
    }

    private final class Workers implements WorkerService {

        private final WorkerService workers;

        Workers(WorkerService workers) {
            this.workers = workers;
        }

        @Override
        public void register(String worker, List<String> queues) {
            workers.register(worker, current(queues));
        }

        @Override
        public void unregister(String worker, List<String> queues) {
            workers.unregister(worker, current(queues));
        }

        @Override
        public void report(StatusReport report) {
            workers.report(new StatusReport(
                    report.worker(),
                    report.time(),
                    report.tags(),
                    report.task(),
                    current(report.queue()),
                    current(report.queues()),
                    report.machine()));
        }

        @Override
        public List<String> running(TaskId task, Duration within) {
            return workers.running(task, within);
        }

        @Override
        public List<String> seen(Duration within) {
            return workers.seen(within);
        }

        @Override
        public String listing() {
            return workers.listing();
        }
    }
}
