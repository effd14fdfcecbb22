// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Aborts of a run, from its terminal and from the server. */
@Tag("thorough")
class RunAbortIT {

    @TempDir
    private static Path folder;

    private static AgentHome home;
    private static Path script;

    @BeforeAll
    static void startServer() throws IOException {
        home = AgentHome.emptyIn(folder, Installation.shared());
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        script = Files.writeString(folder.resolve("waits.py"), """
                import pathlib, signal, subprocess, sys, time
                goodbye = pathlib.Path(sys.argv[1])
                def leave(number, frame):
                    goodbye.write_text("checkpoint written")
                    print("goodbye")
                    sys.exit(0)
                signal.signal(signal.SIGTERM, leave)
                child = subprocess.Popen(["sleep", "1000"])
                print("ready")
                while True:
                    time.sleep(0.1)
                """);
    }

    @AfterAll
    static void stopServer() {
        home.close();
    }

    @Test
    void interruptFromTheTerminalAbortsTheTask() throws Exception {
        Path goodbye = folder.resolve("goodbye after Ctrl-C");
        Shell.Started run = terminal(goodbye);
        run.await(out -> out.contains("\nready\n"));

        // Ctrl-C of a terminal: to everyone in the foreground group.
        interrupt(run);
        Shell.Finished finished = run.finish();

        assertThat(finished.status()).as(finished.out() + finished.err()).isEqualTo(130);
        assertAborted(goodbye, finished.out(), List.of("user abort"));
    }

    @Test
    void interruptWhileTheEnvironmentIsBuiltAbortsTheTask() throws Exception {
        Path goodbye = folder.resolve("goodbye never said");
        Path slow = Files.createDirectories(folder.resolve("slow"));
        Path reached = slow.resolve("reached");
        Files.copy(script, slow.resolve("waits.py"));
        Path source = Files.createDirectories(slow.resolve("package"));
        Files.writeString(source.resolve("setup.py"), """
                import pathlib, time
                pathlib.Path(%s).touch()
                time.sleep(1000)
                """.formatted("\"" + reached + "\""));
        Files.writeString(slow.resolve("requirements.txt"), source + "\n");
        Shell.Started run = start(slow.resolve("waits.py"), goodbye);
        await(reached);

        interrupt(run);
        Shell.Finished finished = run.finish();

        assertThat(finished.status()).as(finished.out() + finished.err()).isEqualTo(130);
        assertThat(goodbye).doesNotExist();
        JsonNode task = home.server().lastTask();
        assertThat(task.get("status").asString()).isEqualTo("stopped");
        assertNothingLeft();
    }

    @Test
    void abortThroughTheServerReachesTheScript() throws Exception {
        Path goodbye = folder.resolve("goodbye after stop");
        Shell.Started run = terminal(goodbye);
        run.await(out -> out.contains("\nready\n"));
        String id = home.server().tasks().getLast();

        home.server().call("tasks.stop", Map.of("task", id, "status_reason", "enough"));
        Shell.Finished finished = run.finish();

        assertThat(finished.status()).as(finished.out() + finished.err()).isEqualTo(143);
        assertAborted(goodbye, finished.out(), List.of("enough", "task was stopped by tasks.stop"));
    }

    private static void assertAborted(Path goodbye, String console, List<String> reasons) throws InterruptedException {
        assertThat(goodbye).hasContent("checkpoint written");
        assertThat(console).contains("\ngoodbye\n");
        JsonNode task = home.server().lastTask();
        assertThat(task.get("status").asString()).isEqualTo("stopped");
        assertThat(task.get("status_reason").asString()).isIn(reasons);
        assertThat(home.server().console(task.get("id").asString()))
                .containsExactlyInAnyOrderElementsOf(console.lines().toList())
                .anyMatch(line -> line.startsWith("Aborting: task "))
                .noneMatch(line -> line.contains("left running"));
        assertNothingLeft();
    }

    private static void assertNothingLeft() {
        assertThat(home.processes()).isEmpty();
        assertThat(home.clearml().resolve("venvs-builds")).isEmptyDirectory();
        assertThat(home.clearml().resolve("agent/executions")).isEmptyDirectory();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    private static Shell.Started terminal(Path goodbye) {
        return start(script, goodbye);
    }

    /** In a process group of its own, in which an interrupt is not ignored, as a shell starts what it waits for. */
    private static Shell.Started start(Path file, Path goodbye) {
        List<String> group = List.of("setsid", "env", "--default-signal=INT");
        return home.shell()
                .start(Stream.concat(
                                group.stream(), home.command("run", file.toString(), "--", goodbye.toString()).stream())
                        .toList());
    }

    private static void interrupt(Shell.Started run) {
        Shell.Finished kill =
                Shell.in(folder).run("kill", "-INT", "--", "-" + run.process().pid());
        assertThat(kill.status()).as(kill.err()).isZero();
    }

    private static void await(Path file) throws InterruptedException {
        long end = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(120);
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("time to wait for " + file).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
