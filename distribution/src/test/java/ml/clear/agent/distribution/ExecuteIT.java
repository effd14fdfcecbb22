// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code execute} and {@code build} of the archive, called by hand, with the embedded server. */
@Tag("thorough")
@Timeout(300)
class ExecuteIT {

    private static final String ENDLESS = """
            trap 'echo checkpoint; exit 7' TERM
            echo it began
            while true; do sleep 0.1; done
            """;

    private static final List<String> CURVES = List.of(
            "cpu_usage",
            "disk_free_percent",
            "io_read_mbs",
            "io_write_mbs",
            "memory_free_gb",
            "memory_used_gb",
            "network_rx_mbs",
            "network_tx_mbs");

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;
    private static AgentHome home;
    private static ServerClient server;

    private final List<Shell.Started> executions = new ArrayList<>();

    @BeforeAll
    static void open() {
        fixture = DaemonFixture.in(folder);
        home = fixture.home().with("CLEARML_AGENT_STATUS_REPORT_FREQ_SEC", "0.3");
        server = fixture.server();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @AfterEach
    void endExecutions() throws InterruptedException {
        for (Shell.Started execution : executions) {
            execution.process().destroy();
            assertThat(execution.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSignalEndsTheTaskAndLeavesNeitherProcessNorWorker() throws Exception {
        String task = task("signalled", ENDLESS);
        Shell.Started execute = execute("--id", task);
        execute.await(out -> out.contains("it began"));
        DaemonFixture.eventually(() -> workersOf(task).size() == 1);

        execute.process().destroy();
        Shell.Finished ended = execute.finish();

        assertThat(ended.status()).isEqualTo(143);
        JsonNode document = server.task(task);
        assertThat(document.get("status").asString()).isEqualTo("stopped");
        assertThat(document.get("status_reason").asString()).isEqualTo("user abort");
        assertThat(server.console(task)).contains("checkpoint").last().isEqualTo("Process terminated by user");
        assertThat(workersOf(task)).isEmpty();
        assertThat(home.processes()).isEmpty();
    }

    @Test
    void anAbortOnTheServerEndsTheTask() throws Exception {
        String task = task("aborted", ENDLESS);
        Shell.Started execute = execute("--id", task);
        execute.await(out -> out.contains("it began"));

        server.call("tasks.stop", Map.of("task", task));
        execute.finish();

        assertThat(server.task(task).get("status").asString()).isEqualTo("stopped");
        assertThat(server.task(task).get("status_reason").asString()).isEqualTo("task was stopped by tasks.stop");
        assertThat(server.console(task)).contains("checkpoint").last().isEqualTo("Process aborted by user");
    }

    @Test
    void aTaskThatHasAnnouncedACallbackIsStoppedWhenThatIsDone() throws Exception {
        String task = task("with a callback", ENDLESS);
        Shell.Started execute = execute("--id", task);
        execute.await(out -> out.contains("it began"));
        tell(task, Map.of("_abort_callback_timeout", "60", "_abort_poll_freq", "1"));

        server.call("tasks.stop", Map.of("task", task));
        execute.await(out -> out.contains("### the task has 61 s for its abort callback ###"));
        assertThat(execute.outSoFar()).doesNotContain("checkpoint");
        tell(task, Map.of("_abort_callback_timeout", "60", "_abort_callback_completed", "1"));
        execute.finish();

        assertThat(server.task(task).get("status").asString()).isEqualTo("stopped");
        assertThat(server.console(task))
                .containsSubsequence("### the abort callback is done ###", "checkpoint", "Process aborted by user");
    }

    /** What the SDK in the task would write down. */
    private static void tell(String task, Map<String, String> facts) {
        server.call("tasks.edit", Map.of("task", task, "force", true, "runtime", facts));
    }

    @Test
    void aTaskThatAnotherWorkerRunsIsRefusedUnlessItIsForced() throws Exception {
        String task = task("twice", ENDLESS);
        Shell.Started first = execute("--id", task);
        first.await(out -> out.contains("it began"));
        DaemonFixture.eventually(() -> workersOf(task).size() == 1);
        AgentHome elsewhere = elsewhere("elsewhere");

        Shell.Finished refused = elsewhere.run("execute", "--id", task);

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("is run by worker 'box:").contains("--force");
        assertThat(elsewhere.clearml().resolve("agent/executions")).isEmptyDirectory();
        assertThat(server.task(task).get("status").asString()).isEqualTo("in_progress");

        Shell.Started second = elsewhere.start("execute", "--id", task, "--force");
        executions.add(second);
        second.await(out -> out.contains("it began"));
    }

    @Test
    void ofTwoExecuteProcessesThatClaimATaskAtTheSameMomentOneRunsIt() throws Exception {
        AgentHome other = elsewhere("at once");
        for (int attempt = 1; attempt <= 8; attempt++) {
            Path ran = folder.resolve("ran " + attempt);
            String task = fixture.enqueue("at once", "at once", "echo ran >> '" + ran + "'; sleep 1");

            List<Shell.Started> both =
                    List.of(home.start("execute", "--id", task), other.start("execute", "--id", task));
            executions.addAll(both);
            List<Shell.Finished> ended =
                    both.stream().map(Shell.Started::finish).toList();

            assertThat(Files.readAllLines(ran)).as("attempt " + attempt).hasSize(1);
            assertThat(server.task(task).get("status").asString()).isEqualTo("completed");
            assertThat(ended).extracting(Shell.Finished::status).containsExactlyInAnyOrder(0, 1);
            assertThat(ended)
                    .anyMatch(end -> end.err().contains("was claimed by another process")
                            || end.err().contains("is run by worker"));
        }
    }

    @Test
    void afterAResetNoMoreLinesReachTheConsole() throws Exception {
        String task = task("reset", ENDLESS);
        Shell.Started execute = execute("--id", task);
        DaemonFixture.eventually(() -> server.console(task).contains("it began"));

        server.call("tasks.reset", Map.of("task", task, "force", true));
        Shell.Finished ended = execute.finish();

        assertThat(ended.out()).contains("checkpoint", "Process aborted, task was reset");
        assertThat(server.console(task)).isEmpty();
        assertThat(server.task(task).get("status").asString()).isEqualTo("created");
        assertThat(home.clearml().resolve("agent/executions")).isEmptyDirectory();
    }

    @Test
    void severalProcessesOfOneTaskRunBesideEachOther() throws Exception {
        Path end = folder.resolve("end of the first");
        String task =
                task("ranks", "echo rank $RANK; while [ $RANK = 0 ] && [ ! -e '" + end + "' ]; do sleep 0.1; done");
        Shell.Started first = home.with("RANK", "0").start("execute", "--id", task);
        executions.add(first);
        first.await(out -> out.contains("rank 0"));

        Shell.Finished second = home.with("RANK", "1")
                .with("CLEARML_MULTI_NODE_SINGLE_TASK", "1")
                .run("execute", "--id", task);
        Shell.Finished third = elsewhere("third rank").with("RANK", "2").run("execute", "--id", task);
        assertThat(server.task(task).get("status").asString()).isEqualTo("in_progress");
        Files.createFile(end);
        Shell.Finished whole = first.finish();

        assertThat(List.of(whole.status(), second.status(), third.status()))
                .as(second.err() + third.err())
                .containsOnly(0);
        assertThat(server.console(task))
                .contains("rank 0", "rank 1", "rank 2", "\u001b[38;5;21mRANK 1:\u001b[0m")
                .noneMatch(line -> line.contains("RANK 2"));
        assertThat(server.task(task).get("status").asString()).isEqualTo("completed");
    }

    @Test
    void aTaskWithoutAnEntryPointFails() {
        for (String binary : List.of("python3", "/bin/bash")) {
            String task = create("nothing to run", Map.of("binary", binary, "entry_point", "", "diff", ""));

            Shell.Finished ended = execute("--id", task).finish();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(server.task(task).get("status").asString()).isEqualTo("failed");
            assertThat(server.task(task).get("status_reason").asString()).contains("the task has no entry point");
        }
    }

    @Test
    void theLogFileHoldsTheConsoleAndIsKept() throws IOException {
        String task = task("logged", "echo one; echo two >&2; exit 3");
        Path log = Files.writeString(folder.resolve("task.log"), "what was there before\n");

        Shell.Finished ended =
                execute("--id", task, "--log-file", log.toString()).finish();

        assertThat(ended.status()).isEqualTo(3);
        assertThat(Files.readAllLines(log))
                .contains("one", "two", "Process failed, exit code 3")
                .doesNotContain("what was there before")
                .isEqualTo(server.console(task));
    }

    @Test
    void aCloneIsRunAndTheTaskStaysAsItIs() {
        String task = task("original", "echo hello");

        Shell.Finished ended = execute("--id", "Original", "--clone").finish();

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(server.task(task).get("status").asString()).isEqualTo("created");
        JsonNode clone = server.lastTask();
        assertThat(clone.get("name").asString()).isEqualTo("Clone of original");
        assertThat(clone.get("status").asString()).isEqualTo("completed");
        assertThat(server.console(clone.get("id").asString())).contains("hello");
    }

    @Test
    void withoutMonitoringTheServerHearsOfTheStartAlone() {
        String task = task("unwatched", "echo hello; sleep 1; exit 4");

        Shell.Finished ended = execute("--id", task, "--disable-monitoring").finish();

        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.out()).contains("\nhello\n");
        assertThat(server.task(task).get("status").asString()).isEqualTo("in_progress");
        assertThat(server.console(task)).isEmpty();
        assertThat(curves(task)).isEmpty();
    }

    @Test
    void fullMonitoringIsAWorkerOfTheMachineAndExitsWithZeroUnlessToldOtherwise() throws Exception {
        String task = task("watched", "sleep 2; exit 5");
        Shell.Started execute = execute("--id", task, "--full-monitoring");
        DaemonFixture.eventually(() -> workersOf(task).equals(List.of("box:0")));

        assertThat(execute.finish().status()).isZero();
        assertThat(server.task(task).get("status").asString()).isEqualTo("failed");

        String other = task("propagated", "exit 5");
        Shell.Started told =
                home.with("CLEARML_AGENT_PROPAGATE_EXITCODE", "1").start("execute", "--id", other, "--full-monitoring");
        assertThat(told.finish().status()).isEqualTo(5);
    }

    @Test
    void theMachineIsDrawnBesideTheTask() {
        String task = task("drawn", "sleep 2");

        execute("--id", task).finish();

        assertThat(curves(task)).isEqualTo(CURVES);
    }

    @Test
    void theFirstOfSeveralMachinesSpeaksForAll() {
        String task = task("many", "echo second");

        Shell.Finished ended =
                home.with("RANK", "1").start("execute", "--id", task).finish();

        assertThat(ended.status()).isZero();
        assertThat(server.console(task)).contains("second");
        assertThat(server.task(task).get("status").asString()).isEqualTo("created");
    }

    @Test
    void optionsReachTheInterpreterAndTheSdk() {
        String task = create("optimised", Map.of("binary", "python3", "diff", """
                import os, sys
                print("flags", sys.flags.optimize, os.environ["CLEARML_LOG_LEVEL"], os.environ["TRAINS_LOG_LEVEL"])
                print("gpus", os.environ["NVIDIA_VISIBLE_DEVICES"], os.environ["CUDA_VISIBLE_DEVICES"])
                """));

        execute("--id", task, "-OO", "--log-level", "warning", "--cpu-only").finish();

        assertThat(server.console(task)).contains("flags 2 WARNING WARNING", "gpus none none");
    }

    @Test
    void inStandAloneModeTheCodeAndTheInterpreterOfTheMachineAreUsed() throws IOException {
        Path code = Files.createDirectories(folder.resolve("code/tool"));
        Files.writeString(code.resolve("show.py"), "import os; print('in place', os.environ['FROM_THE_BLOCK'])\n");
        Path configuration = Files.writeString(folder.resolve("block.conf"), "environment { FROM_THE_BLOCK: true }\n");
        String task = create(
                "in place",
                Map.of(
                        "binary", "python3",
                        "repository", "http://127.0.0.1:1/never.git",
                        "working_dir", "tool",
                        "entry_point", "show.py",
                        "diff", ""));

        Shell.Finished ended = home.with(
                        "CLEARML_AGENT_FORCE_CODE_DIR", folder.resolve("code").toString())
                .run("--config-file", configuration.toString(), "execute", "--id", task, "--standalone-mode");

        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(server.console(task)).contains("in place True");
        assertThat(server.task(task).at("/script/requirements/pip").asString(""))
                .isEmpty();
    }

    @Test
    void theEnvironmentOfATaskIsBuiltAndKeptAndTheTaskStaysAsItIs() throws IOException {
        String task = create(
                "built",
                Map.of(
                        "binary", "python3",
                        "diff", "import six\nprint(six.__version__)\n",
                        "requirements", Map.of("pip", "six==1.17.0")));
        Path target = folder.resolve("built environment");

        Shell.Finished built = home.run("build", "--id", task, "--target", target.toString());

        assertThat(built.status()).as(built.out() + built.err()).isZero();
        assertThat(built.out()).contains("environment: " + target, "code: " + target + "/code", "    six==1.17.0");
        Shell.Finished ran = Shell.in(target.resolve("code"))
                .run(target.resolve("bin/python").toString(), "task.sh");
        assertThat(ran.out()).as(ran.err()).isEqualTo("1.17.0\n");
        assertThat(server.task(task).get("status").asString()).isEqualTo("created");
        assertThat(server.task(task).at("/script/requirements/org_pip").isMissingNode())
                .isTrue();

        Shell.Finished again = home.run("build", "--id", task, "--target", target.toString());
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("is not empty");
        assertThat(target.resolve("bin/python")).exists();
    }

    /** With the defaults there would be no sign of life yet, and several polls and a report. */
    @Test
    void aTaskIsWatchedAndReportedAsOftenAsConfiguredAndRunsInTheConfiguredFolder() throws Exception {
        ServerGate gate = fixture.gate();
        Path builds = Files.createDirectories(folder.resolve("builds"));
        String task = task(
                "watched",
                "pwd; echo it began; while [ ! -e '" + folder.resolve("watched") + "' ]; do sleep 0.1; done");
        AgentHome as = fixture.through(gate)
                .with("CLEARML_AGENT__AGENT__VENVS_DIR", '"' + builds.toString() + '"')
                .with("CLEARML_AGENT__AGENT__TASK_PING_INTERVAL_SEC", "1")
                .with("CLEARML_AGENT__AGENT__ABORT_POLL_SEC", "3600")
                .with("CLEARML_AGENT__SDK__DEVELOPMENT__WORKER__REPORT_PERIOD_SEC", "3600");
        Shell.Started execute = as.start("execute", "--id", task);
        executions.add(execute);
        execute.await(out -> out.contains("it began"));

        int pings = gate.calls("tasks.ping").size();
        int polls = gate.calls("tasks.get_all").size();
        DaemonFixture.eventually(() -> gate.calls("tasks.ping").size() >= pings + 4);
        assertThat(gate.calls("tasks.get_all")).hasSize(polls);
        assertThat(server.console(task)).doesNotContain("it began");
        Files.createFile(folder.resolve("watched"));
        execute.finish();

        assertThat(server.task(task).get("status").asString()).isEqualTo("completed");
        assertThat(server.console(task)).contains("it began").anyMatch(line -> line.startsWith(builds.toString()));
    }

    @Test
    void aTaskRunsAsTheUserThatTheConfigurationNames() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run tasks as another user");
        Path builds = Files.createDirectories(folder.resolve("builds for all"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        AgentHome as = home.with("CLEARML_AGENT_EXEC_USER", "nobody")
                .with("CLEARML_AGENT__AGENT__VENVS_DIR", '"' + builds.toString() + '"');
        String task = task(
                "as nobody",
                "id -un; echo \"$USER in $(stat -c %U .)\"; touch own; ls -l \"$CLEARML_CONFIG_FILE\"; exit 3");

        Shell.Finished ended = as.run("execute", "--id", task);

        assertThat(ended.status()).as(ended.out() + ended.err()).isEqualTo(3);
        assertThat(server.console(task))
                .contains("nobody", "nobody in nobody")
                .anyMatch(line -> line.startsWith("-rw-------") && line.contains("nobody"));
        assertThat(builds).isEmptyDirectory();
    }

    @Test
    void aUserThatTheAgentCannotBecomeFailsTheTaskWithTheReason() {
        String task = task("as a stranger", "echo never");

        Shell.Finished ended =
                home.with("CLEARML_AGENT_EXEC_USER", "no-such-user").run("execute", "--id", task);

        assertThat(ended.status()).isNotZero();
        assertThat(server.task(task).get("status").asString()).isEqualTo("failed");
        assertThat(server.task(task).get("status_reason").asString()).contains("agent.exec_user is 'no-such-user'");
        assertThat(server.console(task)).doesNotContain("never");
    }

    @Test
    void filesOfTheConfigurationAreThereBeforeTheTaskAndTheAbortCommandRunsBeforeItsEnd() throws Exception {
        Path configuration = Files.writeString(folder.resolve("operator.conf"), """
                files.greeting { path: "%1$s/greeting", contents: "hello from a file" }
                agent.abort_callback_command: "sh -c 'echo saved $CLEARML_TASK_ID; touch %1$s/saved'"
                """.formatted(folder));
        String task = task("operator", "cat " + folder + "/greeting; echo; " + ENDLESS);
        Shell.Started execute = home.start("--config-file", configuration.toString(), "execute", "--id", task);
        executions.add(execute);
        execute.await(out -> out.contains("it began"));

        server.call("tasks.stop", Map.of("task", task));
        execute.finish();

        assertThat(folder.resolve("saved")).exists();
        assertThat(server.console(task)).containsSubsequence("hello from a file", "saved " + task, "checkpoint");
    }

    @Test
    void aNotebookRunsWithoutAnythingInstalledForIt() {
        String task = create(
                "notebook",
                Map.of(
                        "binary", "python3",
                        "entry_point", "train.ipynb",
                        "diff", """
                                {"cells": [
                                  {"cell_type": "markdown", "source": ["# Training"]},
                                  {"cell_type": "code", "execution_count": 1, "source": ["import sys\\n", "%matplotlib inline"]},
                                  {"cell_type": "code", "source": "print('arguments', sys.argv[1:])\\n!echo from a shell"}
                                ], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
                                """));

        Shell.Finished ended = execute("--id", task).finish();

        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(server.console(task)).contains("arguments []", "from a shell");
    }

    @Test
    void optionsForImagesAreRefusedWithoutAContainer() {
        for (String option : List.of("--entry-point=clone_task", "--force-docker")) {
            Shell.Finished refused = home.run("build", "--id", "any", option);

            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains("is for images; give --docker to build one");
        }
    }

    /** The home of another machine that knows the same server. */
    private static AgentHome elsewhere(String name) throws IOException {
        return AgentHome.emptyIn(Files.createDirectories(folder.resolve(name)), Installation.shared())
                .with("CLEARML_API_HOST", server.api().toString())
                .with(
                        "CLEARML_API_ACCESS_KEY",
                        server.credentials().get("access_key").asString())
                .with(
                        "CLEARML_API_SECRET_KEY",
                        server.credentials().get("secret_key").asString());
    }

    private Shell.Started execute(String... options) {
        Shell.Started execute = home.start(
                Stream.concat(Stream.of("execute"), Stream.of(options)).toArray(String[]::new));
        executions.add(execute);
        return execute;
    }

    private static String task(String name, String script) {
        return create(name, Map.of("binary", "/bin/bash", "diff", script));
    }

    private static String create(String name, Map<String, ?> script) {
        Map<String, Object> whole = new HashMap<>(Map.of("entry_point", "task.sh", "working_dir", "."));
        whole.putAll(script);
        return server.call("tasks.create", Map.of("name", name, "type", "testing", "script", whole))
                .get("id")
                .asString();
    }

    private static List<String> workersOf(String task) {
        List<String> workers = new ArrayList<>();
        for (JsonNode worker :
                server.call("workers.get_all", Map.of("last_seen", 0)).get("workers")) {
            if (worker.at("/task/id").asString("").equals(task)) {
                workers.add(worker.get("id").asString());
            }
        }
        return workers;
    }

    private static List<String> curves(String task) {
        JsonNode graphs = server.call("events.scalar_metrics_iter_histogram", Map.of("task", task));
        return graphs.path(":monitor:machine").propertyNames().stream().sorted().toList();
    }
}
