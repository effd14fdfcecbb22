// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.StateFile;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes under a real keeper. */
class KeeperIT {

    private static final TaskId TASK = new TaskId("0123456789abcdef0123456789abcdef");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin");

    private final Path state;
    private final ExecutionFolder folder;

    KeeperIT(@TempDir Path state) {
        this.state = state;
        this.folder = ExecutionFolder.create(state.resolve("executions"), TASK);
    }

    @BeforeEach
    void needsPython() {
        if (!Files.isExecutable(PYTHON)) {
            assertThat(Boolean.getBoolean("require.real"))
                    .as("'" + PYTHON + "' is missing")
                    .isFalse();
            Assumptions.abort("'" + PYTHON + "' is missing");
        }
    }

    @AfterEach
    void endWhatWasStarted() {
        RunningProcess.tree(folder).kill();
        StateFile.read(folder.file(ExecutionFiles.KEEPER))
                .map(RunningProcess::identity)
                .ifPresent(ProcessIdentity::kill);
        folder.close();
    }

    @Test
    void codeOutputAndLeftNothing() throws Exception {
        RunningProcess running = start("echo one; echo two >&2; echo $GREETING from $PWD; exit 3");
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(3));
        assertThat(running.awaitOutput(LIMIT)).isTrue();
        assertThat(spooled()).isEqualTo("one\ntwo\nhi from " + state.toRealPath() + "\n");
        assertThat(running.exit().orElseThrow().left()).isEmpty();
        assertThat(running.missingAtEnd()).isEmpty();
        eventually(() -> !running.keeper().isAlive());
    }

    @Test
    void signalIsToldFromCode() throws Exception {
        RunningProcess running = start("kill -SEGV $$");
        assertThat(running.await(LIMIT)).contains(new Outcome.Signalled(11));
        assertThat(running.outcome().orElseThrow().description()).isEqualTo("signal 11 (SIGSEGV)");
    }

    @Test
    void missingProgramOrFolderIsNotStarted() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(PYTHON, List.of("no-such-program"))
                        .environment(ENVIRONMENT)
                        .build());
        assertThat(running.await(LIMIT).orElseThrow())
                .isEqualTo(new Outcome.NotStarted("cannot run 'no-such-program': No such file or directory"));
        assertThat(running.process()).isEmpty();
        eventually(() -> !running.keeper().isAlive());
    }

    @Test
    void anInterruptionLeavesAProcessThatMayRunAlready() throws Exception {
        Thread starting = Thread.currentThread();
        Thread interruption = Thread.ofPlatform().start(() -> {
            Path record = folder.file(ExecutionFiles.KEEPER);
            while (StateFile.read(record)
                    .flatMap(facts -> facts.text("claimed"))
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            starting.interrupt();
        });

        RunningProcess running = start("trap 'echo checkpoint; exit 7' TERM; while :; do sleep 0.05; done");
        boolean kept = Thread.interrupted();
        interruption.join();

        assertThat(kept || Thread.interrupted()).isTrue();
        eventually(() -> running.process().map(ProcessIdentity::isAlive).orElse(false));
        assertThat(running.terminate(LIMIT)).isEmpty();
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(7));
    }

    @Test
    void anInterruptionBeforeTheKeeperRunsStartsNothing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> start("touch begun")).isInstanceOf(InterruptedException.class);

        assertThat(folder.file(ExecutionFiles.LAUNCH)).doesNotExist();
        assertThat(folder.file(ExecutionFiles.PROCESS)).doesNotExist();
        assertThat(state.resolve("begun")).doesNotExist();
    }

    @Test
    void folderThatIsMissingIsNotStarted() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(PYTHON, List.of("true"))
                        .environment(ENVIRONMENT)
                        .directory(state.resolve("none"))
                        .build());
        assertThat(running.await(LIMIT).orElseThrow().description())
                .contains("enter folder")
                .contains("none");
    }

    @Test
    void interpreterThatDoesNotWorkIsNamed() {
        for (String interpreter : List.of("/no/such/python", "/bin/false")) {
            assertThatThrownBy(() -> Keeper.start(
                            folder,
                            LaunchSpec.of(Path.of(interpreter), List.of("true")).build()))
                    .isInstanceOfSatisfying(
                            AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERPRETER_MISSING))
                    .hasMessageContaining("'" + interpreter + "'");
        }
        assertThat(folder.file("launch")).doesNotExist();
    }

    @Test
    void secretsAreOnNoCommandLineAndInNoFile() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(PYTHON, List.of("sleep", "30"))
                        .environment(Map.of("PATH", "/bin:/usr/bin", "TOKEN", "canary"))
                        .build());
        for (Path file : files()) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain("canary");
        }
        assertThat(Files.readString(Path.of("/proc/" + running.keeper().pid() + "/cmdline")))
                .doesNotContain("canary");
        assertThat(Files.readString(Path.of("/proc/" + running.keeper().pid() + "/environ")))
                .doesNotContain("canary");
    }

    @Test
    void environmentIsExactlyWhatIsGivenAndTheMarker() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(PYTHON, List.of("/usr/bin/env"))
                        .environment(Map.of("A", "line\nbreak=é"))
                        .build());
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(0));
        running.awaitOutput(LIMIT);
        assertThat(spooled()).contains("A=line\nbreak=é\n").hasLineCount(3);
    }

    @Test
    void ignoredSignalsOfTheKeeperAreNotInherited() throws Exception {
        RunningProcess running = start("grep SigIgn /proc/self/status; kill -INT $$; sleep 1; exit 4");
        assertThat(running.await(LIMIT)).contains(new Outcome.Signalled(2));
        running.awaitOutput(LIMIT);
        assertThat(spooled()).containsPattern("SigIgn:\t[0-9a-f]{8}[08]0{7}\n");
    }

    @Test
    void keeperOutlivesPoliteSignals() throws Exception {
        RunningProcess running = start("echo begun; sleep 0.5; echo done; exit 6");
        eventually(() -> spooled().contains("begun"));
        running.keeper().terminate();
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(6));
        running.awaitOutput(LIMIT);
        assertThat(spooled()).isEqualTo("begun\ndone\n");
    }

    @Test
    void laterSupervisorFindsItFromTheFolderAlone() throws Exception {
        start("echo begun; while [ ! -e go ]; do sleep 0.02; done; echo done; exit 5");
        folder.close();
        try (ExecutionFolder again = ExecutionFolder.open(folder.path())) {
            RunningProcess running = RunningProcess.attach(again).orElseThrow();
            assertThat(running.outcome()).isEmpty();
            Files.createFile(state.resolve("go"));
            assertThat(running.await(LIMIT)).contains(new Outcome.Exited(5));
            running.awaitOutput(LIMIT);
            assertThat(spooled()).isEqualTo("begun\ndone\n");
        }
        try (ExecutionFolder late = ExecutionFolder.open(folder.path())) {
            assertThat(RunningProcess.attach(late).orElseThrow().outcome()).contains(new Outcome.Exited(5));
        }
    }

    @Test
    void earlierExecutionThatStillRunsIsNotReplaced() throws Exception {
        start("sleep 30");
        folder.close();
        assertThatThrownBy(() -> ExecutionFolder.create(state.resolve("executions"), TASK))
                .hasMessageContaining("still runs");
        try (ExecutionFolder again = ExecutionFolder.open(folder.path())) {
            assertThat(RunningProcess.attach(again).orElseThrow().terminate(Duration.ZERO))
                    .isEmpty();
        }
    }

    @Test
    void terminateLetsATaskSaveItsState() throws Exception {
        RunningProcess running = start(
                "trap 'echo saving; sleep 0.3; echo saved; exit 7' TERM; echo ready; while true; do sleep 0.02; done");
        eventually(() -> spooled().contains("ready"));
        assertThat(running.terminate(LIMIT)).isEmpty();
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(7));
        running.awaitOutput(LIMIT);
        // The shell has its own word about the sleep that got TERM too.
        assertThat(spooled().replace("Terminated\n", "")).isEqualTo("ready\nsaving\nsaved\n");
    }

    @Test
    void taskThatIgnoresTermIsKilledAfterTheGraceWithItsDaemons() throws Exception {
        RunningProcess running = start("trap '' TERM;"
                + " python3 -c 'import os, time\n"
                + "if os.fork() == 0:\n"
                + "  os.setsid()\n"
                + "  if os.fork() == 0:\n"
                + "    open(\"daemon\", \"w\").write(str(os.getpid()))\n"
                + "    time.sleep(60)\n"
                + "  os._exit(0)\n"
                + "';"
                + " env -i setsid python3 -c 'import os, time\n"
                + "os.fork() and os._exit(0)\n"
                + "open(\"emptied\", \"w\").write(str(os.getpid()))\n"
                + "time.sleep(60)\n"
                + "' ;"
                + " echo ready; while true; do sleep 0.02; done");
        eventually(() -> spooled().contains("ready") && pid("daemon") > 0 && pid("emptied") > 0);
        long start = System.nanoTime();
        assertThat(running.terminate(Duration.ofMillis(500))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(8));
        assertThat(running.await(LIMIT)).contains(new Outcome.Signalled(9));
        assertThat(lives(pid("daemon"))).isFalse();
        assertThat(lives(pid("emptied"))).isFalse();
    }

    @Test
    void keeperThatIsKilledMeansLostAndNothingLives() throws Exception {
        RunningProcess running = start("(setsid sh -c 'echo $$ > daemon; while true; do sleep 0.02; done' &);"
                + " env -i /usr/bin/setsid /bin/sh -c 'echo $$ > emptied; while true; do /bin/sleep 0.02; done' &"
                + " echo ready; while true; do sleep 0.02; done");
        eventually(() -> spooled().contains("ready") && pid("daemon") > 0 && pid("emptied") > 0);
        // The supervisor looks at the tree once a second.
        assertThat(running.await(Duration.ofMillis(1500))).isEmpty();
        long start = System.nanoTime();
        running.keeper().kill();
        assertThat(running.await(LIMIT)).contains(new Outcome.Lost("the keeper of the task was killed"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(running.process().orElseThrow().isAlive()).isFalse();
        assertThat(lives(pid("daemon"))).isFalse();
        assertThat(lives(pid("emptied"))).isFalse();
        assertThat(running.outputComplete()).isTrue();
    }

    @Test
    void processLeftInTheBackgroundIsListedAndLeftAlone() throws Exception {
        RunningProcess running = start(
                "sh -c 'echo $$ > left; sleep 0.4; echo late; while [ ! -e go ]; do echo later; sleep 0.05; done; echo fine > verdict' &"
                        + " while [ ! -e left ]; do sleep 0.02; done; echo done",
                Duration.ofSeconds(1));
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(0));
        assertThat(running.exit().orElseThrow().left())
                .anySatisfy(left -> assertThat(left).isEqualTo(pid("left") + " sh"));
        assertThat(running.awaitOutput(LIMIT)).isTrue();
        assertThat(spooled()).startsWith("done\nlate\n");
        assertThat(lives(pid("left"))).isTrue();
        Files.createFile(state.resolve("go"));
        eventually(() -> Files.exists(state.resolve("verdict")));
        eventually(() -> !running.keeper().isAlive());
    }

    @Test
    void spoolLimitLosesBytesVisiblyAndNeverStopsTheTask() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(
                                PYTHON,
                                List.of(
                                        "sh",
                                        "-c",
                                        "yes 0123456789abcde | head -c 3200000; while [ ! -e go ]; do sleep 0.02; done; sleep 0.3; echo; echo after; exit 8"))
                        .environment(ENVIRONMENT)
                        .directory(state)
                        .spoolLimit(1 << 20)
                        .build());
        eventually(() -> spooled().length() >= 1 << 20);
        String before = spooled();
        Files.createFile(state.resolve("go"));
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(8));
        running.awaitOutput(LIMIT);
        assertThat(spooled()).hasSize(1 << 20).isEqualTo(before);
        assertThat(before).startsWith("0123456789abcde\n");
        long lost = 3200000L + "\nafter\n".length() - before.length();
        assertThat(running.missingAtEnd().orElseThrow())
                .contains(lost + " bytes")
                .contains("limit of 1048576");
    }

    @Test
    void whatTheReaderDeletesIsRoomForMoreAndTheGapIsMarkedWhereItIs() throws Exception {
        RunningProcess running = Keeper.start(
                folder,
                LaunchSpec.of(
                                PYTHON,
                                List.of(
                                        "sh",
                                        "-c",
                                        "yes 0123456789abcdef | head -c 3200000; while [ ! -e go ]; do sleep 0.02; done;"
                                                + " echo; echo after; exit 8"))
                        .environment(ENVIRONMENT)
                        .directory(state)
                        .spoolLimit(1 << 20)
                        .build());
        eventually(() -> spooled().length() > 1 << 20); // the end of the open line is beyond the limit
        String before = spooled();
        assertThat(before).endsWith("\n");
        long kept = before.length() - 1L;
        List<Path> full = files().stream()
                .filter(file -> file.toString().endsWith(".log") && file.startsWith(folder.spool()))
                .sorted()
                .toList();
        assertThat(full).hasSize(5);
        for (Path segment : full.subList(0, 4)) {
            Files.delete(segment);
        }
        TimeUnit.MILLISECONDS.sleep(300); // the keeper looks for room four times a second
        Files.createFile(state.resolve("go"));
        assertThat(running.await(LIMIT)).contains(new Outcome.Exited(8));
        assertThat(running.awaitOutput(LIMIT)).isTrue();
        // The first line feed of the rest ends the line that was cut.
        assertThat(spooled())
                .isEqualTo("\nclearml-agent: " + (3200001 - kept)
                        + " bytes of output are missing here: the spool's limit of 1048576 bytes is reached\nafter\n");
        assertThat(running.missingAtEnd()).isEmpty();
    }

    @Test
    void fullDiskLosesBytesVisiblyAndNeverStopsTheTask() throws Exception {
        Path disk = Files.createDirectory(state.resolve("disk"));
        SystemCommandRunner runner = new SystemCommandRunner();
        boolean mounted = command(runner, "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
        if (!mounted) {
            assertThat(Boolean.getBoolean("require.real"))
                    .as("a small tmpfs can be mounted")
                    .isFalse();
            Assumptions.abort("a small tmpfs cannot be mounted here; needs root");
        }
        try (ExecutionFolder small = ExecutionFolder.create(disk.resolve("executions"), TASK)) {
            RunningProcess running = Keeper.start(
                    small,
                    LaunchSpec.of(
                                    PYTHON,
                                    List.of(
                                            "sh",
                                            "-c",
                                            "echo first; yes 0123456789abcde | head -c 8000000;"
                                                    + " touch full; while [ ! -e go ]; do sleep 0.02; done;"
                                                    + " sleep 0.3; echo; echo after; exit 9"))
                            .environment(ENVIRONMENT)
                            .directory(state)
                            .build());
            eventually(() -> Files.exists(state.resolve("full")));
            Path segment = small.spool().resolve("00000000.log");
            byte[] before = Files.readAllBytes(segment);
            Path next = small.spool().resolve("00000001.log");
            eventually(() -> Files.exists(next));
            assertThat(command(runner, "mount", "-o", "remount,size=8m", disk.toString()))
                    .isTrue();
            Files.createFile(state.resolve("go"));
            assertThat(running.await(LIMIT)).contains(new Outcome.Exited(9));
            assertThat(running.awaitOutput(LIMIT)).isTrue();
            assertThat(segment).hasBinaryContent(before);
            long lost = 6L + 8000000 - before.length;
            assertThat(Files.readString(next))
                    .startsWith(before[before.length - 1] == '\n' ? "clear" : "\nclear")
                    .contains("clearml-agent: " + (lost + 1)
                            + " bytes of output are missing here: No space left on device\n")
                    .endsWith("\nafter\n");
            assertThat(running.missingAtEnd()).isEmpty();
        } finally {
            command(runner, "umount", "-l", disk.toString());
        }
    }

    @Test
    void diskThatStaysFullStillGetsTheRecordAndTheNumberOfLostBytes() throws Exception {
        Path disk = Files.createDirectory(state.resolve("disk"));
        SystemCommandRunner runner = new SystemCommandRunner();
        if (!command(runner, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString())) {
            assertThat(Boolean.getBoolean("require.real"))
                    .as("a small tmpfs can be mounted")
                    .isFalse();
            Assumptions.abort("a small tmpfs cannot be mounted here; needs root");
        }
        try (ExecutionFolder small = ExecutionFolder.create(disk.resolve("executions"), TASK)) {
            RunningProcess running = Keeper.start(
                    small,
                    LaunchSpec.of(PYTHON, List.of("sh", "-c", "yes | head -c 4000000; exit 9"))
                            .environment(ENVIRONMENT)
                            .build());
            assertThat(running.await(LIMIT)).contains(new Outcome.Exited(9));
            assertThat(running.awaitOutput(LIMIT)).isTrue();
            // The record needs less than was reserved for it, which makes room for the marker.
            long kept = Files.size(small.spool().resolve("00000000.log"));
            assertThat(Files.readString(small.spool().resolve("00000001.log")))
                    .isEqualTo("clearml-agent: " + (4000000 - kept)
                            + " bytes of output are missing here: No space left on device\n");
        } finally {
            command(runner, "umount", "-l", disk.toString());
        }
    }

    private static boolean command(SystemCommandRunner runner, String... arguments) throws InterruptedException {
        return runner.run(Command.of(arguments).build()).succeeded();
    }

    private RunningProcess start(String script) throws InterruptedException {
        return start(script, Duration.ofSeconds(2));
    }

    private RunningProcess start(String script, Duration drain) throws InterruptedException {
        Map<String, String> environment = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "GREETING", "hi");
        return Keeper.start(
                folder,
                LaunchSpec.of(PYTHON, List.of("sh", "-c", script))
                        .environment(environment)
                        .directory(state)
                        .drain(drain)
                        .build());
    }

    private String spooled() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> segments = Files.list(folder.spool())) {
            for (Path segment : segments.sorted().toList()) {
                text.append(Files.readString(segment, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.path())) {
            return all.filter(Files::isRegularFile).collect(Collectors.toList());
        }
    }

    private long pid(String file) throws IOException {
        Path path = state.resolve(file);
        String text = Files.exists(path) ? Files.readString(path).trim() : "";
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static boolean lives(long pid) {
        return ProcessIdentity.of(pid).isPresent();
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time is over").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
