// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.checkout.Language;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.process.SystemCommandRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs that an operator may name in the configuration, and the change of scripts, run for real. */
class OperatorProgramsIT {

    private static final TaskId ID = new TaskId("0123456789abcdef0123456789abcdef");
    private static final String INIT = "from clearml import Task; (__name__ != '__main__') or Task.init()";

    private final SystemCommandRunner commands = new SystemCommandRunner();
    private final List<String> console = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    @Test
    void aCustomBuildScriptNamesTheInterpreterTheEntryPointAndTheFolder() throws Exception {
        Path script = program("""
                echo "builds $CLEARML_TASK_SCRIPT_ENTRY in $CLEARML_TASK_WORKING_DIR of $CLEARML_GIT_ROOT"
                echo "$CLEARML_CUSTOM_BUILD_TASK_CONFIG_JSON" | grep -q '^{' || exit 9
                mkdir -p "$CLEARML_VENV_PATH" elsewhere
                : > elsewhere/other.py
                printf '{"binary": "/bin/sh", "entry_point": "%s", "working_dir": "%s"}' \\
                    "$PWD/elsewhere/other.py" "$PWD/elsewhere" > "$CLEARML_CUSTOM_BUILD_OUTPUT"
                """);

        ReadyTask ready = build(script).orElseThrow();

        assertThat(console).containsExactly("builds train.py in src of " + folder.resolve("sources"));
        assertThat(ready.environment().interpreter()).isEqualTo(Path.of("/bin/sh"));
        assertThat(ready.environment().frozen().isEmpty()).isTrue();
        assertThat(ready.environment().variables())
                .containsEntry("CLEARML_AGENT_CUSTOM_BUILD_SCRIPT", script.toString());
        assertThat(ready.code().scriptFolder()).isEqualTo(folder.resolve("sources/elsewhere"));
        assertThat(ready.code().entryPoint()).isEqualTo(folder + "/sources/elsewhere/other.py");
    }

    @Test
    void aCustomBuildScriptThatIsMissingOrNamesNothingIsSkippedWithAReason() throws Exception {
        assertThat(build(folder.resolve("none"))).isEmpty();
        assertThat(build(program("exit 0"))).isEmpty();
        assertThat(console)
                .containsExactly(
                        "the custom build script is skipped: there is no file '" + folder + "/none'",
                        "the custom build script is skipped: '" + folder
                                + "/program' named no existing binary in the file of" + " CLEARML_CUSTOM_BUILD_OUTPUT");
    }

    @Test
    void aCustomBuildScriptThatFailsEndsTheTask() throws Exception {
        Path script = program("exit 5");

        assertThatThrownBy(() -> build(script))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("failed with exit code 5")
                .hasMessageContaining("agent.custom_build_script");
    }

    @Test
    void theCommandForAbortsRunsInTheFolderOfTheScriptWithTheTasksId() throws Exception {
        abort("echo \"saves $CLEARML_TASK_ID in $(basename \"$PWD\")\"; exit 3", AbortReason.STOP_REQUESTED);

        assertThat(console)
                .containsExactly(
                        "running '/bin/sh' of agent.abort_callback_command for at most 60 s",
                        "saves " + ID + " in " + folder.getFileName(),
                        "'/bin/sh' of agent.abort_callback_command failed with exit code 3");
    }

    @Test
    void theCommandForAbortsIsEndedAfterItsTime() throws Exception {
        new AbortCommand(List.of("sleep", "600"), Duration.ofMillis(300), folder, Map.of(), commands, console::add)
                .await(AbortReason.STOP_REQUESTED, limit -> false);

        assertThat(console).hasSize(2).last().asString().startsWith("agent.abort_callback_command failed: ");
    }

    @Test
    void theCommandForAbortsDoesNotRunForATaskThatIsDeletedOrForASignal() throws Exception {
        abort("echo runs", AbortReason.DELETED);
        abort("echo runs", AbortReason.SIGNAL);

        assertThat(console).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "import os¶print(1)¶ | INIT¶import os¶print(1)¶",
                "#!/usr/bin/env python3¶# coding: latin-1¶x = 1¶ | #!/usr/bin/env python3¶# coding: latin-1¶INIT¶x = 1¶",
                "\"\"\"Words.¶More.\"\"\"¶from __future__ import annotations¶x = 1¶"
                        + " | \"\"\"Words.¶More.\"\"\"¶from __future__ import annotations¶INIT¶x = 1¶",
                "INIT¶x = 1¶ | INIT¶x = 1¶",
                "'only words' | 'only words'¶INIT¶",
            })
    void aScriptIsMadeToConnectBehindItsHead(String before, String after) throws Exception {
        Path script = Files.writeString(folder.resolve("train.py"), lines(before));

        new TaskInit(true).insert(script, folder, Path.of("python3"), commands, console::add);

        assertThat(script).hasContent(lines(after));
        assertThat(console).singleElement().asString().contains("Task.init()");
    }

    @Test
    void aScriptThatIsNotTheTasksOwnCopyOrNoPythonIsLeftAsItIs(@TempDir Path other) throws Exception {
        Path foreign = Files.writeString(other.resolve("train.py"), "x = 1\n");
        Path broken = Files.writeString(folder.resolve("broken.py"), "x = = 1\n");

        new TaskInit(true).insert(foreign, folder, Path.of("python3"), commands, console::add);
        new TaskInit(true).insert(broken, folder, Path.of("python3"), commands, console::add);
        new TaskInit(false).insert(foreign, other, Path.of("python3"), commands, console::add);

        assertThat(foreign).hasContent("x = 1\n");
        assertThat(broken).hasContent("x = = 1\n");
        assertThat(console).hasSize(2).allMatch(line -> line.startsWith("no Task.init() is added"));
    }

    @Test
    void theSdkIsAddedToWhatTheTaskOrElseItsRepositoryRequires() throws Exception {
        Path file = Files.writeString(
                Files.createDirectories(folder.resolve("sources/src")).resolve("requirements.txt"), "six");
        TaskInit init = new TaskInit(true);

        assertThat(init.requirements(task(List.of("six")), code()).pip()).containsExactly("six", "clearml");
        assertThat(init.requirements(task(List.of("ClearML == 2.0")), code()).pip())
                .containsExactly("ClearML == 2.0");
        assertThat(init.requirements(task(List.of("clearml-agent")), code()).pip())
                .contains("clearml");
        assertThat(init.requirements(task(List.of()), code()).pip()).isEmpty();
        assertThat(file).hasContent("six\nclearml\n");
        assertThat(init.requirements(task(List.of()), code()).pip()).isEmpty();
        assertThat(file).hasContent("six\nclearml\n");
        Files.delete(file);
        assertThat(init.requirements(task(List.of()), code()).pip()).containsExactly("clearml");
        assertThat(new TaskInit(false).requirements(task(List.of()), code()).pip())
                .isEmpty();
    }

    private void abort(String text, AbortReason reason) throws InterruptedException {
        new AbortCommand(
                        List.of("/bin/sh", "-c", text),
                        Duration.ofMinutes(1),
                        folder,
                        Map.of("CLEARML_TASK_ID", ID.value()),
                        commands,
                        console::add)
                .await(reason, limit -> false);
    }

    private Optional<ReadyTask> build(Path script) throws Exception {
        Files.createDirectories(folder.resolve("sources/src"));
        Files.deleteIfExists(folder.resolve("work/custom_build_output.json"));
        Workspace workspace = Workspace.open(folder.resolve("work"));
        return new CustomBuild(script, new FakeTaskService(), commands)
                .run(task(List.of()), code(), workspace, console::add);
    }

    private PreparedCode code() {
        Path root = folder.resolve("sources");
        return new PreparedCode(root, root.resolve("src"), "train.py", Language.PYTHON, "https://host/project", "abc");
    }

    private Path program(String text) throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static Task task(List<String> pip) {
        Script script =
                new Script("", "https://host/project", "", "", "", "src", "train.py", "", Requirements.ofPip(pip));
        return new Task(ID, "name", "", TaskStatus.IN_PROGRESS, "", script, Container.NONE, Map.of(), Map.of());
    }

    private static String lines(String text) {
        return text.replace('¶', '\n').replace("INIT", INIT);
    }
}
