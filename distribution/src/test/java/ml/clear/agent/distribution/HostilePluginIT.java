// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;
    private static AgentHome home;

    @BeforeAll
    static void open() throws IOException {
        fixture = DaemonFixture.in(folder);
        home = fixture.home();
        new TestPlugin("hostile", "HostilePlugin", PLUGIN)
                .install(Files.createDirectories(home.clearml().resolve("plugins")), folder);
        Files.writeString(
                home.folder().resolve("hostile.conf"),
                "agent { package_manager { type: hostile }, abort_grace_period_sec: 2 }\n");
    }

    @AfterAll
    static void close() {
        fixture.close();
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
    void anythingThatIsThrownUnderADaemonEndsTheTaskWithItsReason() throws Exception {
        String task = task("overflow");
        fixture.daemon(
                home.with(
                        "CLEARML_CONFIG_FILE",
                        home.folder().resolve("hostile.conf").toString()),
                "hostile");
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", "hostile"));

        fixture.awaitEnd(task);

        assertFailed(task, "StackOverflowError");
        fixture.stopDaemons();
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
        fixture.server().call("tasks.stop", Map.of("task", aborted));

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

    @Test
    void aMachineThatDiedWhilePreparingDoesNotRunATaskThatWasResetAndRunsElsewhere() throws Exception {
        String task = task("hang", "import time\nprint('ran here')\ntime.sleep(15)\n");
        Shell.Started first = execute(task);
        first.await(out -> out.contains("hostile: [hang]"));
        first.process().destroyForcibly();
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        fixture.server().call("tasks.reset", Map.of("task", task, "force", true));
        Shell.Started elsewhere = anotherMachine().start("execute", "--id", task, "--standalone-mode");
        fixture.awaitLine(task, "ran here");

        Shell.Started back = fixture.daemon(home, "back");
        back.await(out -> out.contains("resumes task '" + task + "'"));

        assertThat(elsewhere.finish().status()).isZero();
        DaemonFixture.eventually(
                () -> Files.notExists(home.clearml().resolve("agent/executions").resolve(task)));
        assertThat(fixture.status(task)).isEqualTo("completed");
        assertThat(fixture.server().console(task)).containsOnlyOnce("ran here");
        fixture.stopDaemons();
    }

    private static AgentHome anotherMachine() throws IOException {
        JsonNode pair = fixture.credentials();
        return home.with(
                        "HOME",
                        Files.createDirectories(folder.resolve("another machine"))
                                .toString())
                .with("CLEARML_WORKER_NAME", "another")
                .with("CLEARML_API_HOST", fixture.server().api().toString())
                .with("CLEARML_API_ACCESS_KEY", pair.get("access_key").asString())
                .with("CLEARML_API_SECRET_KEY", pair.get("secret_key").asString());
    }

    private static void assertFailed(String task, String reason) {
        JsonNode document = fixture.server().task(task);
        assertThat(document.get("status").asString()).isEqualTo("failed");
        assertThat(document.get("status_reason").asString()).contains(reason);
        assertThat(fixture.server().console(task).getLast()).contains(reason);
    }

    private static void assertStopped(String task) {
        JsonNode document = fixture.server().task(task);
        assertThat(document.get("status").asString()).isEqualTo("stopped");
        assertThat(document.get("status_reason").asString())
                .contains("the preparation of the task did not stop within 2 s", "hostile.HostilePlugin.hang");
        assertThat(fixture.server().console(task).getLast()).contains("hostile.HostilePlugin.hang");
    }

    private static Shell.Started execute(String task) {
        return home.start("--config-file", home.folder().resolve("hostile.conf").toString(), "execute", "--id", task);
    }

    private static String task(String how) {
        return task(how, "print()");
    }

    private static String task(String how, String script) {
        return fixture.server()
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
                                        script,
                                        "requirements",
                                        Map.of("pip", how))))
                .get("id")
                .asString();
    }
}
