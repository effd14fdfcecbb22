// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.PodmanEngine;
import ml.clear.agent.testkit.RootlessPodman;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The installed agent with Podman, both run by root or by a user without any rights. */
@Tag("thorough")
@Timeout(600)
@ExtendWith(EngineExtension.class)
class PodmanModeIT {

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;

    @BeforeAll
    static void open() {
        fixture = DaemonFixture.in(folder);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @AfterEach
    void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void aUserWithoutRightsRunsTasksInContainersOfTheirOwn(RootlessPodman engine) throws Exception {
        AgentHome home = homeOf(engine).with("DOCKER_HOST", engine.host());
        fixture.started(
                home.shell(),
                ofUser(
                        engine,
                        home,
                        "daemon",
                        "--foreground",
                        "--create-queue",
                        "--queue",
                        "own",
                        "--podman",
                        DockerEngine.IMAGE));

        awaitTwoTasks("own");

        DaemonFixture.eventually(() -> engine.podman("ps", "--all", "--quiet").isBlank());
    }

    @Test
    void rootRunsTasksInContainersOfPodmanToo(PodmanEngine engine) throws Exception {
        AgentHome home = fixture.home().with("DOCKER_HOST", engine.host());
        fixture.daemon(home, "root", "--podman", DockerEngine.IMAGE);

        awaitTwoTasks("root");

        DaemonFixture.eventually(() -> engine.podman("ps", "--all", "--quiet").isBlank());
    }

    @Test
    void anEngineThatTheUserMayNotUseIsReportedWhenTheDaemonStarts(RootlessPodman engine) throws Exception {
        Path socket = folder.resolve("engine.sock"); // in a folder of root's own
        AgentHome home = homeOf(engine).with("DOCKER_HOST", "unix://" + socket);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));

            Shell.Finished ended = home.shell()
                    .start(ofUser(
                            engine, home, "daemon", "--foreground", "--create-queue", "--queue", "none", "--docker"))
                    .finish();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("this user may not use the engine at 'unix://" + socket + "'");
        }
    }

    /** The first prepares what the second finds. */
    private static void awaitTwoTasks(String queue) throws Exception {
        for (String name : List.of("cold", "warm")) {
            String task = enqueue(queue, name + " in " + queue);

            JsonNode ended = fixture.awaitEnd(task);

            assertThat(fixture.server().console(task))
                    .as(() -> String.join("\n", fixture.server().console(task)))
                    .contains("root in a container of " + DockerEngine.IMAGE, "3.11 six 1.17.0");
            assertThat(ended.get("status").asString()).isEqualTo("completed");
            assertThat(fixture.server().console(task).stream()
                            .anyMatch(line -> line.startsWith("environment ") && line.contains("cached")))
                    .as("the environment of the first container serves the second")
                    .isEqualTo(name.equals("warm"));
        }
    }

    private static String enqueue(String queue, String name) {
        String script = """
            import os, sys, six
            print(os.popen("id -un").read().strip() + " in a container of " + os.environ["CLEARML_DOCKER_IMAGE"])
            print(f"{sys.version_info.major}.{sys.version_info.minor} six {six.__version__}")
            """;
        Map<String, Object> parts = Map.of(
                "binary", "python3",
                "entry_point", "task.py",
                "working_dir", ".",
                "diff", script,
                "requirements", Map.of("pip", "six==1.17.0"));
        String task = fixture.server()
                .call("tasks.create", Map.of("name", name, "type", "testing", "script", parts))
                .get("id")
                .asString();
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", queue));
        return task;
    }

    /** With an installation of their own, since the build may lie where they cannot read. */
    private static AgentHome homeOf(RootlessPodman engine) throws Exception {
        Path installed = engine.home().resolve("installed");
        Path own = engine.home().resolve("agent");
        if (!Files.exists(installed)) {
            Installation.unpackedInto(Files.createDirectory(installed));
        }
        AgentHome home = AgentHome.emptyIn(Files.createDirectories(own), new Installation(installed));
        engine.give(own);
        JsonNode pair = fixture.credentials();
        return home.with("CLEARML_API_HOST", fixture.server().api().toString())
                .with("CLEARML_API_ACCESS_KEY", pair.get("access_key").asString())
                .with("CLEARML_API_SECRET_KEY", pair.get("secret_key").asString())
                .with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "0.2");
    }

    private static List<String> ofUser(RootlessPodman engine, AgentHome home, String... arguments) {
        return Stream.concat(
                        Stream.concat(engine.asUser().stream(), Stream.of("HOME=" + home.folder())),
                        home.command(arguments).stream())
                .toList();
    }
}
