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
        try (DaemonHouse house = DaemonHouse.in(folder)) {
            Home home = house.home()
                    .with("CLEARML_AGENT_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + loaded + "::filecount=0");
            house.daemon(home, "plain");
            String task = house.enqueue("plain", "on this machine", "echo here\n");
            assertThat(house.awaitEnd(task).get("status").asString()).isEqualTo("completed");
            house.stopDaemons();
        }

        List<String> lines = Files.readAllLines(loaded);
        assertThat(lines).anyMatch(line -> line.contains("executordocker.ExecutorDockerPlugin"));
        assertThat(lines)
                .noneMatch(line -> line.contains("com.github.dockerjava"))
                .noneMatch(line -> line.contains("executordocker.EngineApi"));
    }
}
