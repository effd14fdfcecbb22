// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Daemons with an executor that shares neither process numbers nor variables with them, starts late, gives no handles and
 * refuses: nothing outside of an executor relies on the processes of this machine.
 */
@Tag("thorough")
class ForeignProcessSpaceIT extends DaemonSuite {

    private static final String PLUGIN = """
        package namespaces;

        import java.nio.file.Path;
        import java.util.List;
        import java.util.Map;
        import java.util.Set;
        import ml.clear.agent.api.execution.Executor;
        import ml.clear.agent.api.spi.AgentPlugin;
        import ml.clear.agent.api.spi.ExecutorOption;
        import ml.clear.agent.api.spi.ExecutorOption.Command;
        import ml.clear.agent.api.spi.Factory;
        import ml.clear.agent.api.spi.Subcommand.Option;
        import ml.clear.agent.plugin.executorvenv.NamespaceExecutor;

        public final class NamespacePlugin implements AgentPlugin {
            @Override
            public List<Factory<Executor>> executors() {
                return List.of(Factory.of(
                        "namespaces",
                        context -> new NamespaceExecutor(Path.of(context.environment().get("CONTROL")), "0.5")));
            }

            @Override
            public List<ExecutorOption> executorOptions() {
                return List.of(new ExecutorOption(
                        Option.flag("--apart", "run tasks in a process space of their own"),
                        Set.of(Command.DAEMON, Command.EXECUTE),
                        "namespaces",
                        values -> Map.of()));
            }
        }
        """;

    private Path control = Path.of("");

    @BeforeAll
    static void requireNamespaces() throws Exception {
        boolean possible = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                        .start()
                        .waitFor()
                == 0;
        if (Boolean.getBoolean("require.real")) {
            assertThat(possible).as("process namespaces can be made").isTrue();
        }
        assumeTrue(possible, "process namespaces cannot be made here: that needs root");
    }

    @Override
    AgentHome withExecutor(DaemonFixture opened, Path folder) throws Exception {
        control = Files.createDirectories(folder.resolve("control"));
        AgentHome apart = opened.home()
                .with("CONTROL", control.toString())
                .with("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "namespaces");
        Path executor = Path.of(System.getProperty("repository"))
                .resolve(
                        "plugins/executor-venv/src/test/java/ml/clear/agent/plugin/executorvenv/NamespaceExecutor.java");
        new TestPlugin("namespaces", "NamespacePlugin", PLUGIN, List.of(executor))
                .install(Files.createDirectories(apart.clearml().resolve("plugins")), folder);
        return apart;
    }

    @Test
    void aTaskRunsThereAndANewDaemonFindsItByItsAttempt() throws Exception {
        Shell.Started first = daemon("apart");
        Path go = control.resolve("go");
        String task = fixture.enqueue(
                "apart",
                "outlives its daemon",
                "echo begun; while [ ! -e '" + go + "' ]; do sleep 0.1; done\n" + COUNTS);
        fixture.awaitLine(task, "begun");

        first.process().destroyForcibly();
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.createFile(control.resolve("silent"));
        Shell.Started second = daemon("apart");
        second.await(out -> out.contains("cannot determine yet whether task '" + task + "' runs"));
        Files.delete(control.resolve("silent"));
        Files.createFile(go);

        assertCounted(task);
    }

    @Test
    void theDeathOfExecuteThereEndsTheTaskWithEveryLineAndTheReason() throws Exception {
        daemon("fatal");
        String task = fixture.enqueue("fatal", "dies with its execute process", "echo begun; sleep 600\n");
        fixture.awaitLine(task, "begun");

        inner(task).destroyForcibly();

        JsonNode ended = fixture.awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(fixture.server().console(task)).contains("begun");
    }

    @Test
    void aRefusalForTheTaskFailsItAndAnyOtherRequeuesIt() throws Exception {
        Files.writeString(control.resolve("refuse"), "TASK_INVALID");
        Shell.Started daemon = daemon("refused");
        String wrong = fixture.enqueue("refused", "is refused", COUNTS);
        JsonNode failed = fixture.awaitEnd(wrong);
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("status_reason").asString()).contains("the cluster refuses task '" + wrong + "'");

        Files.writeString(control.resolve("refuse"), "LAUNCH_FAILED");
        String full = fixture.enqueue("refused", "waits for room", "echo done\n");
        daemon.await(out -> out.contains("task '" + full + "' cannot be started and goes back to its queue"));
        assertThat(fixture.status(full)).isEqualTo("queued");
        Files.delete(control.resolve("refuse"));

        assertThat(fixture.awaitEnd(full).get("status").asString()).isEqualTo("completed");
    }

    @Test
    void executeRunsATaskThereAndReturnsItsEnd() {
        String task = fixture.create("by hand", "echo apart\n");

        Shell.Finished ended = home.run("execute", "--id", task, "--apart");

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(fixture.server().console(task)).contains("apart");
        assertThat(fixture.status(task)).isEqualTo("completed");
    }

    /** Process 1 of the space that the task runs in. */
    private static ProcessHandle inner(String task) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(task))
                        .isPresent())
                .filter(process -> process.info()
                        .command()
                        .filter(name -> name.endsWith("java"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }
}
