// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");

    @TempDir
    private Path builds;

    @Test
    void leftoversOfAnEarlierRunAreDeletedAndTheFolderIsForItsOwnerOnly() throws Exception {
        Path left = Files.createDirectories(builds.resolve(TASK.value()).resolve("venv"));
        Files.writeString(left.resolve("old.py"), "old");

        try (Workspace workspace = Workspace.open(builds.resolve(TASK.value()))) {
            Path folder = workspace.environment().getParent();
            assertThat(folder).isEmptyDirectory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void whatItOwnsIsClosedBeforeTheFolderGoesAndLinksAreNotFollowed() throws Exception {
        Path outside = Files.writeString(builds.resolve("outside.txt"), "stays");
        List<Boolean> thereWhenClosed = new ArrayList<>();

        try (Workspace workspace = Workspace.open(builds.resolve(TASK.value()))) {
            Path folder = Files.createDirectories(workspace.environment());
            Files.createSymbolicLink(folder.resolve("link"), outside);
            workspace.own(() -> thereWhenClosed.add(Files.exists(folder)));
        }

        assertThat(thereWhenClosed).containsExactly(true);
        assertThat(builds.resolve(TASK.value())).doesNotExist();
        assertThat(outside).hasContent("stays");
    }
}
