// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.execution.ExecutionRequest;
import tools.jackson.databind.JsonNode;

/** Removes containers that ended while no daemon ran, once their execution is over. */
final class Leftovers {

    private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

    private final EngineApi engine;
    private final Path attempts;

    /** @param attempts the folder of the folders of attempts */
    Leftovers(EngineApi engine, Path attempts) {
        this.engine = engine;
        this.attempts = attempts;
    }

    /** Remove them; failures are logged, since they keep no task from running. */
    void remove() {
        String filters = EngineApi.filters(Map.of("label", ContainerPlan.FOLDER, "status", "exited"));
        try {
            for (JsonNode container : engine.get("/containers/json?all=true&filters=" + filters)
                    .body()
                    .values()) {
                JsonNode labels = container.path("Labels");
                Path folder = Path.of(labels.path(ContainerPlan.FOLDER).asString());
                if (isOver(folder)) {
                    engine.delete("/containers/" + container.path("Id").asString() + "?force=true&v=true");
                    Files.deleteIfExists(folder.resolve(ExecutionRequest.OWN_FILE));
                    Files.deleteIfExists(folder);
                    new AttemptFolder(attempts.resolve(
                                    labels.path(ContainerPlan.ATTEMPT).asString()))
                            .remove();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "containers of earlier tasks are not removed: {0}", e.getMessage());
        }
    }

    /** The execute process empties the folder when its task is over, and cannot remove what is mounted. */
    private static boolean isOver(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return List.of(ExecutionRequest.OWN_FILE)
                    .containsAll(
                            files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
