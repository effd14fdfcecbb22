// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A plugin that ends the process, hangs or throws while a task is prepared: the task ends, and says why. */
@Tag("thorough")
@Timeout(300)
class HostilePluginIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));

    private static final String PLUGIN = """
            package hostile;

            import java.util.List;
            import ml.clear.agent.api.python.EnvironmentPlan;
            import ml.clear.agent.api.python.EnvironmentRequest;
            import ml.clear.agent.api.python.PackageManager;
            import ml.clear.agent.api.spi.AgentPlugin;
            import ml.clear.agent.api.spi.Factory;

            public final class HostilePlugin implements AgentPlugin {
                @Override
                public List<Factory<PackageManager>> packageManagers() {
                    return List.of(Factory.of("hostile", context -> HostilePlugin::plan));
                }

                private static EnvironmentPlan plan(EnvironmentRequest request) {
                    request.console().line("hostile: " + request.requirements().pip());
                    switch (request.requirements().pip().getFirst()) {
                        case "exit" -> System.exit(0);
                        case "overflow" -> throw new StackOverflowError("hostile");
                        case "memory" -> throw new OutOfMemoryError("hostile");
                        default -> hang();
                    }
                    throw new IllegalStateException("not reached");
                }

                private static void hang() {
                    while (true) {
                        try {
                            Thread.sleep(1000);
                        } catch (InterruptedException e) {
                            // goes on
                        }
                    }
                }
            }
            """;

    private static final String MODULE = """
            module hostile {
                requires ml.clear.agent.api;

                provides ml.clear.agent.api.spi.AgentPlugin with
                        hostile.HostilePlugin;
            }
            """;

    @TempDir
    private static Path folder;

    private static DaemonHouse house;
    private static Home home;

    @BeforeAll
    static void open() throws IOException {
        house = DaemonHouse.in(folder);
        home = house.home();
        install(Files.createDirectories(home.clearml().resolve("plugins")));
        Files.writeString(
                home.folder().resolve("hostile.conf"),
                "agent { package_manager { type: hostile }, abort_grace_period_sec: 2 }\n");
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void anythingThatIsThrownEndsTheTaskWithItsReason() {
        for (String how : new String[] {"overflow", "memory"}) {
            String task = task(how);

            Shell.Finished ended = execute(task).finish();

            assertThat(ended.status()).isEqualTo(1);
            assertFailed(task, "hostile");
        }
    }

    @Test
    void aPluginThatEndsTheProcessFailsItsTaskAndIsNamed() {
        String task = task("exit");

        Shell.Finished ended = execute(task).finish();

        assertThat(ended.status()).isEqualTo(1);
        assertFailed(task, "the process is ended by hostile.HostilePlugin.plan");
        assertThat(home.processes()).isEmpty();
    }

    @Test
    void aPluginThatNeverReturnsSurvivesNeitherAStopOnTheServerNorASignal() throws Exception {
        String aborted = task("hang");
        Shell.Started first = execute(aborted);
        first.await(out -> out.contains("hostile: [hang]"));
        house.server().call("tasks.stop", Map.of("task", aborted));

        first.finish();

        assertStopped(aborted);
        String signalled = task("hang");
        Shell.Started second = execute(signalled);
        second.await(out -> out.contains("hostile: [hang]"));
        second.process().destroy();

        assertThat(second.finish().status()).isEqualTo(143);
        assertStopped(signalled);
        assertThat(home.processes()).isEmpty();
    }

    private static void assertFailed(String task, String reason) {
        JsonNode document = house.server().task(task);
        assertThat(document.get("status").asString()).isEqualTo("failed");
        assertThat(document.get("status_reason").asString()).contains(reason);
        assertThat(house.server().console(task).getLast()).contains(reason);
    }

    private static void assertStopped(String task) {
        JsonNode document = house.server().task(task);
        assertThat(document.get("status").asString()).isEqualTo("stopped");
        assertThat(document.get("status_reason").asString())
                .contains("the preparation of the task did not stop within 2 s", "hostile.HostilePlugin.hang");
        assertThat(house.server().console(task).getLast()).contains("hostile.HostilePlugin.hang");
    }

    private static Shell.Started execute(String task) {
        return home.start("--config-file", home.folder().resolve("hostile.conf").toString(), "execute", "--id", task);
    }

    private static String task(String how) {
        return house.server()
                .call(
                        "tasks.create",
                        Map.of(
                                "name",
                                how,
                                "type",
                                "testing",
                                "script",
                                Map.of(
                                        "binary",
                                        "python3",
                                        "entry_point",
                                        "task.py",
                                        "working_dir",
                                        ".",
                                        "diff",
                                        "print()",
                                        "requirements",
                                        Map.of("pip", how))))
                .get("id")
                .asString();
    }

    private static void install(Path plugins) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("hostile sources/hostile"));
        Files.writeString(sources.resolve("HostilePlugin.java"), PLUGIN);
        Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
        Path classes = folder.resolve("hostile classes");
        Path api =
                REPOSITORY.resolve("agent-api/target/agent-api-" + System.getProperty("distribution.version") + ".jar");
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Shell shell = Shell.in(folder);
        Shell.Finished compiled = shell.run(
                java.resolve("javac").toString(),
                "-d",
                classes.toString(),
                "-p",
                api.toString(),
                sources.resolveSibling("module-info.java").toString(),
                sources.resolve("HostilePlugin.java").toString());
        assertThat(compiled.status()).as(compiled.err()).isZero();
        Path manifest = Files.writeString(folder.resolve("manifest"), """
                Plugin-Id: hostile
                Plugin-Version: 1.0.0
                Plugin-Requires: >=0.1.0
                """);
        Shell.Finished packed = shell.run(
                java.resolve("jar").toString(),
                "--create",
                "--file",
                plugins.resolve("hostile.jar").toString(),
                "--manifest",
                manifest.toString(),
                "-C",
                classes.toString(),
                ".");
        assertThat(packed.status()).as(packed.err()).isZero();
    }
}
