// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageManagerChoiceTest {

    private final List<String> console = new ArrayList<>();

    @TempDir
    Path root;

    private PackageManager choose(boolean repository, String... detected) {
        return new PackageManagerChoice("pip", List.of(detected), LockedManager::new)
                .choose(new SourceTree(root, root, repository), console::add);
    }

    @Test
    void aRepositoryIsBuiltByTheManagerItIsWrittenFor() throws Exception {
        Files.writeString(root.resolve("uv.lock"), "");

        assertThat(choose(true, "poetry", "uv")).isEqualTo(new LockedManager("uv"));
        assertThat(console).containsExactly("package manager: uv, since the repository has uv.lock");
    }

    @Test
    void onlyDetectedManagersAreAsked() throws Exception {
        Files.writeString(root.resolve("uv.lock"), "");

        assertThat(choose(true, "poetry")).isEqualTo(new LockedManager("pip"));
        assertThat(console).containsExactly("package manager: pip (agent.package_manager.type)");
    }

    @Test
    void theConfiguredManagerIsAskedBeforeTheOthers() throws Exception {
        Files.writeString(root.resolve("pip.lock"), "");
        Files.writeString(root.resolve("poetry.lock"), "");

        assertThat(choose(true, "poetry")).isEqualTo(new LockedManager("pip"));
        assertThat(console)
                .containsExactly("package manager: pip (agent.package_manager.type), and the repository has pip.lock");
    }

    @Test
    void withoutARepositoryTheConfigurationDecides() throws Exception {
        Files.writeString(root.resolve("uv.lock"), "");

        assertThat(choose(false, "uv")).isEqualTo(new LockedManager("pip"));
    }

    /** A manager that claims repositories with a lock file of its name. */
    private record LockedManager(String name) implements PackageManager {

        @Override
        public EnvironmentPlan plan(EnvironmentRequest request) {
            throw new IllegalStateException("not planned in this test");
        }

        @Override
        public Optional<String> claims(SourceTree sources) {
            String file = name + ".lock";
            return Files.exists(sources.root().resolve(file)) ? Optional.of(file) : Optional.empty();
        }
    }
}
