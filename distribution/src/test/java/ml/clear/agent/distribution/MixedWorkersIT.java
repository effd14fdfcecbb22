// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Daemons of one machine and one server, one of the Python agent among them: homes of their own, one temporary folder. */
@Tag("thorough")
@Timeout(300)
class MixedWorkersIT {

    @TempDir
    private Path folder;

    @Test
    void daemonsOfOneMachineHaveIdsOfTheirOwnThoughOneIsThePythonAgentsAndStayWhenAnotherStops() throws Exception {
        PythonAgent python = PythonAgent.installed();
        DaemonFixture fixture = DaemonFixture.in(folder);
        try {
            AgentHome first = fixture.through(fixture.gate());
            Shell.Started ours = fixture.daemon(first, "shared");
            ours.await(out -> out.contains("worker 'box:0'"));
            Shell.Started theirs = fixture.started(
                    first.shell()
                            .with(
                                    "HOME",
                                    Files.createDirectories(folder.resolve("python-home"))
                                            .toString())
                            .with(
                                    "CLEARML_CONFIG_FILE",
                                    folder.resolve("none.conf").toString()),
                    List.of(python.command(), "daemon", "--foreground", "--queue", "shared"));
            DaemonFixture.eventually(() -> workers(fixture.server()).contains("box:1"));
            AgentHome other =
                    AgentHome.emptyIn(Files.createDirectories(folder.resolve("other")), Installation.shared());
            Shell.Started third = fixture.started(
                    first.shell().with("HOME", other.folder().toString()),
                    first.command("daemon", "--foreground", "--queue", "shared"));
            third.await(out -> out.contains("worker 'box:2'"));

            ours.process().destroy();
            ours.finish();

            assertThat(workers(fixture.server())).containsExactlyInAnyOrder("box:1", "box:2");
            assertThat(theirs.process().isAlive()).isTrue();
        } finally {
            fixture.close();
        }
    }

    private static List<String> workers(ServerClient server) {
        JsonNode found =
                server.call("workers.get_all", Map.of("last_seen", 600)).get("workers");
        return StreamSupport.stream(found.spliterator(), false)
                .map(worker -> worker.get("id").asString())
                .toList();
    }
}
