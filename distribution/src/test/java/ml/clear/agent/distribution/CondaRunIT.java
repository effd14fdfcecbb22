// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.testkit.CondaChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A repository with an environment file, run with the solver that the agent brings from the package index. */
@Tag("thorough")
class CondaRunIT {

    @TempDir
    private Path folder;

    @Test
    void aRepositoryWithAnEnvironmentFileRunsColdAndWarm() throws Exception {
        String channel = CondaChannel.withPython()
                .withModule("alpha", "1.0")
                .withModule("alpha", "2.0")
                .writeTo(folder.resolve("channel"));
        Path script = project(channel);

        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())
                .with("PIP_CACHE_DIR", downloads())
                .with("CONDA_EXE", "")
                .with("MAMBA_EXE", "")
                .with("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__TYPE", "conda")
                .with("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__CONDA_CHANNELS", channel)) {
            Shell.Finished cold = home.run("run", script.toString());
            assertThat(cold.status()).as(cold.out() + cold.err()).isZero();
            assertThat(cold.out()).contains("\nalpha 1.0 SPEED 3\n");
            assertThat(cold.out() + cold.err()).contains("conda environment: py-rattler");
            assertThat(requirements(home).path("conda").isMissingNode()).isTrue();

            Shell.Finished warm = home.with("CLEARML_AGENT__AGENT__PACKAGE_MANAGER__CONDA_FULL_ENV_UPDATE", "true")
                    .run("run", script.toString());
            assertThat(warm.status()).as(warm.out() + warm.err()).isZero();
            assertThat(warm.out()).contains("\nalpha 1.0 SPEED 3\n");
            assertThat(warm.out() + warm.err()).contains("Using the environment from the cache");
            assertThat(requirements(home).get("conda").toString()).contains("\"alpha==1.0\"");
            assertThat(requirements(home).get("pip").toString()).contains("\"# Conda Packages\"", "\"alpha==1.0\"");
        }
    }

    private Path project(String channel) throws IOException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("environment.yml"), """
                channels: ["%s"]
                dependencies:
                  - alpha=1.0
                variables:
                  SPEED: 3
                """.formatted(channel));
        Files.writeString(project.resolve("train.py"), """
                import os
                import alpha
                print("alpha", alpha.VERSION, "SPEED", os.environ["SPEED"])
                """);
        for (String[] command : new String[][] {
            {"git", "init", "--quiet"},
            {"git", "add", "."},
            {"git", "-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "A project"
            },
            {
                "git",
                "clone",
                "--quiet",
                "--bare",
                project.toString(),
                folder.resolve("project.git").toString()
            },
            {"git", "remote", "add", "origin", folder.resolve("project.git").toString()}
        }) {
            Shell.Finished finished = Shell.in(project).run(command);
            assertThat(finished.status()).as(finished.err()).isZero();
        }
        return project.resolve("train.py");
    }

    /** What pip downloads, kept for the next run of the test. */
    private static String downloads() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(cache, "clearml-agent-tests", "pip").toString();
    }

    private static JsonNode requirements(AgentHome home) {
        return home.server().lastTask().get("script").path("requirements");
    }
}
