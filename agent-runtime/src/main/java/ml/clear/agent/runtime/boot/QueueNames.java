// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.server.QueueService;

/** Finds the queues that a command line names. */
final class QueueNames {

    private static final String DEFAULT = "default";

    private final QueueService queues;
    private final boolean create;

    /**
     * A finder.
     *
     * @param create whether a queue that does not exist is made
     */
    QueueNames(QueueService queues, boolean create) {
        this.queues = queues;
        this.create = create;
    }

    /**
     * The ids, in the order of the names, each once.
     *
     * @throws AgentException {@code NOT_FOUND} with the names of all that do not exist
     */
    List<String> ids(List<String> namesOrIds) {
        if (namesOrIds.isEmpty()) {
            return List.of(queues.findDefault().orElseGet(() -> idOf(DEFAULT)));
        }
        return namesOrIds.stream().map(this::idOf).distinct().toList();
    }

    /** The names, in the order of the ids; the id where there is no name. */
    List<String> names(List<String> ids) {
        Map<String, String> names = queues.names(ids);
        List<String> found = new ArrayList<>();
        ids.forEach(id -> found.add(names.getOrDefault(id, id)));
        return found;
    }

    private String idOf(String nameOrId) {
        return queues.find(nameOrId).orElseGet(() -> {
            if (create) {
                return queues.create(nameOrId);
            }
            List<String> similar = queues.similar(nameOrId);
            throw new AgentException(
                    ErrorCode.NOT_FOUND,
                    "no queue has the name or id '" + nameOrId + "'"
                            + (similar.isEmpty() ? "" : "; did you mean '" + String.join("', '", similar) + "'?")
                            + "; --create-queue makes it");
        });
    }
}
