// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An executor that shares neither process numbers nor variables with its daemons, starts late, gives no handles and refuses on
 * request.
 *
 * @param control where the executor keeps what it knows, and finds what the test asks of it
 */
record ForeignProcessSpace(Path control) implements TaskPlace {

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

    /** The executor as a plugin of a home; skips the test where there can be none. */
    static ForeignProcessSpace in(AgentHome home, Path folder) throws Exception {
        boolean possible = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                        .start()
                        .waitFor()
                == 0;
        if (Boolean.getBoolean("require.real")) {
            assertThat(possible).as("process namespaces can be made").isTrue();
        }
        assumeTrue(possible, "process namespaces cannot be made here: that needs root");
        Path executor = Path.of(System.getProperty("repository"))
                .resolve(
                        "plugins/executor-venv/src/test/java/ml/clear/agent/plugin/executorvenv/NamespaceExecutor.java");
        new TestPlugin("namespaces", "NamespacePlugin", PLUGIN, List.of(executor))
                .install(Files.createDirectories(home.clearml().resolve("plugins")), folder);
        return new ForeignProcessSpace(Files.createDirectories(folder.resolve("control")));
    }

    @Override
    public AgentHome using(AgentHome home) {
        return home.with("CONTROL", control.toString()).with("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "namespaces");
    }

    @Override
    public Optional<ProcessHandle> process(String task, long pid) {
        String space = space(execute(task));
        return ProcessHandle.allProcesses()
                .filter(process -> space(process).equals(space) && numberInside(process) == pid)
                .findFirst();
    }

    /** The execute process of a task: process 1 of its space. */
    ProcessHandle execute(String task) {
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

    private static String space(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(proc(process).resolve("ns/pid")).toString();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static long numberInside(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(proc(process).resolve("status"))) {
            return lines.filter(line -> line.startsWith("NSpid:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1; // it has ended
        }
    }

    private static Path proc(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }
}
