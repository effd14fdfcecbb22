// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Daemons of one host name and one server, one of the Python agent among them: each has a home of its own. */
@Tag("thorough")
@Timeout(300)
class MixedWorkersIT {

    private static PythonAgent python;

    @TempDir
    private Path folder;

    /** Before the test, whose time limit it does not count for. */
    @BeforeAll
    static void install() throws IOException {
        python = PythonAgent.installed();
    }

    @Test
    void daemonsOfOneMachineHaveIdsOfTheirOwnThoughOneIsThePythonAgentsAndStayWhenAnotherStops() throws Exception {
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

            // as in a container: no file of the others is visible, and only the server knows them
            Shell.Started inContainer = fixture.started(
                    first.shell()
                            .with("HOME", folder(other, "home of a container"))
                            .with("TMPDIR", folder(other, "temporary files of a container")),
                    first.command("daemon", "--foreground", "--queue", "shared"));
            inContainer.await(out -> out.contains("worker 'box:3'"));

            ours.process().destroy();
            ours.finish();

            assertThat(workers(fixture.server())).containsExactlyInAnyOrder("box:1", "box:2", "box:3");
            assertThat(theirs.process().isAlive()).isTrue();
        } finally {
            fixture.close();
        }
    }

    private static String folder(AgentHome beside, String name) throws IOException {
        return Files.createDirectories(beside.folder().resolveSibling(name)).toString();
    }

    private static List<String> workers(ServerClient server) {
        JsonNode found =
                server.call("workers.get_all", Map.of("last_seen", 600)).get("workers");
        return StreamSupport.stream(found.spliterator(), false)
                .map(worker -> worker.get("id").asString())
                .toList();
    }
}
