// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon loads of an executor that no option selects. */
@Timeout(300)
class UnusedExecutorIT {

    @TempDir
    private Path folder;

    @Test
    void aDaemonWithoutDockerModeLoadsNoClassOfTheDockerClient() throws Exception {
        Path loaded = folder.resolve("loaded.txt");
        try (DaemonFixture fixture = DaemonFixture.in(folder)) {
            AgentHome home = fixture.home()
                    .with("CLEARML_AGENT_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + loaded + "::filecount=0");
            fixture.daemon(home, "plain");
            String task = fixture.enqueue("plain", "on this machine", "echo here\n");
            assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
            fixture.stopDaemons();
        }

        List<String> lines = Files.readAllLines(loaded);
        assertThat(lines).anyMatch(line -> line.contains("executordocker.ExecutorDockerPlugin"));
        assertThat(lines)
                .noneMatch(line -> line.contains("com.github.dockerjava"))
                .noneMatch(line -> line.contains("executordocker.EngineApi"));
    }
}
