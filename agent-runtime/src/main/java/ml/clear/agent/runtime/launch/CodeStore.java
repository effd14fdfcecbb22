// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.task.Script;

/**
 * Where code is kept that no repository has.
 *
 * @param snapshots the snapshots of folders
 * @param limit the most bytes that the files of one snapshot may have together
 * @param shared folders that hold more than a project, such as the user's home: never taken along
 */
public record CodeStore(SharedCache snapshots, long limit, Set<Path> shared) {

    /** Copies the folders. */
    public CodeStore {
        shared = Set.copyOf(shared);
    }

    /** The folder of the snapshots that a task runs; empty when its code comes from elsewhere. */
    public Optional<Path> keeps(Script script) {
        if (!script.repository().startsWith("/")) {
            return Optional.empty();
        }
        Path repository = Path.of(script.repository()).normalize();
        return repository.startsWith(snapshots.folder()) && Files.isDirectory(repository)
                ? Optional.of(repository)
                : Optional.empty();
    }

    /** Whether a folder holds more than a project. */
    boolean isShared(Path candidate) {
        return candidate.getParent() == null || shared.stream().anyMatch(folder -> folder.startsWith(candidate));
    }
}
