// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.server.JsonTexts;
import ml.clear.agent.runtime.server.TaskService;

/**
 * Runs {@code agent.custom_build_script}, which builds the environment of a task in place of the package manager and names the
 * interpreter, the entry point and the working folder in a JSON file. A script that is missing or names nothing usable is
 * reported, and the package manager builds the environment; one that fails ends the task.
 */
final class CustomBuild {

    /** The longest text that the kernel takes in one variable is 128 KiB. */
    private static final int LONGEST_VARIABLE = 100 << 10;

    private final Path script;
    private final TaskService tasks;
    private final CommandRunner commands;

    CustomBuild(Path script, TaskService tasks, CommandRunner commands) {
        this.script = script;
        this.tasks = tasks;
        this.commands = commands;
    }

    /** Build it; empty when the package manager must do it. */
    Optional<ReadyTask> run(Task task, PreparedCode code, Workspace workspace, Console console)
            throws InterruptedException {
        if (!Files.isRegularFile(script)) {
            return skipped("there is no file '" + script + "'", console);
        }
        Path output = workspace.scratch().resolve("custom_build_output.json");
        Map<String, String> variables = variables(task, code, workspace, output);
        CommandResult result = commands.run(
                Command.of(script.toString())
                        .directory(code.root())
                        .environment(variables)
                        .build(),
                console);
        if (!result.succeeded()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "the custom build script '" + script + "' failed with exit code " + result.exitCode()
                            + "; correct it, or clear " + TaskSettings.CUSTOM_BUILD_SCRIPT.key());
        }
        Map<String, String> named = JsonTexts.members(read(output));
        Optional<Path> binary = named(named, "binary").filter(Files::isRegularFile);
        Optional<Path> entryPoint = named(named, "entry_point").filter(Files::isRegularFile);
        Optional<Path> folder = named(named, "working_dir").filter(Files::isDirectory);
        if (binary.isEmpty() || entryPoint.isEmpty() || folder.isEmpty()) {
            return skipped(
                    "'" + script + "' named no existing "
                            + (binary.isEmpty() ? "binary" : entryPoint.isEmpty() ? "entry_point" : "working_dir")
                            + " in the file of CLEARML_CUSTOM_BUILD_OUTPUT",
                    console);
        }
        return Optional.of(new ReadyTask(
                new PreparedCode(
                        code.root(),
                        folder.get(),
                        entryPoint.get().toString(),
                        code.language(),
                        code.repository(),
                        code.commit()),
                new PythonEnvironment(workspace.environment(), binary.get(), variables, FrozenPackages.NONE)));
    }

    private static Optional<ReadyTask> skipped(String reason, Console console) {
        console.line("the custom build script is skipped: " + reason);
        return Optional.empty();
    }

    /** As the Python agent sets them; the task gets them too. */
    private Map<String, String> variables(Task task, PreparedCode code, Workspace workspace, Path output) {
        Map<String, String> variables = new HashMap<>();
        variables.put("CLEARML_AGENT_CUSTOM_BUILD_SCRIPT", script.toString());
        variables.put("CLEARML_TASK_SCRIPT_ENTRY", code.entryPoint());
        variables.put("CLEARML_TASK_WORKING_DIR", task.script().workingDirectory());
        variables.put("CLEARML_VENV_PATH", workspace.environment().toString());
        variables.put("CLEARML_GIT_ROOT", code.root().toString());
        variables.put("CLEARML_CUSTOM_BUILD_OUTPUT", output.toString());
        variables.put("CLEARML_CUSTOM_BUILD_TASK_CONFIG_JSON", document(task, workspace, output));
        return variables;
    }

    /** The text of the task's document, as the Python agent gives it; the path of a file with it where it is too long. */
    private String document(Task task, Workspace workspace, Path output) {
        String document = tasks.document(task.id());
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        Path file = workspace.scratch().resolve("custom_build_task.json");
        try {
            OwnerOnly.write(output, new byte[0]);
            if (bytes.length <= LONGEST_VARIABLE) {
                return document;
            }
            OwnerOnly.write(file, bytes);
            return file.toString();
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write to '" + workspace.scratch() + "': " + e, e);
        }
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<Path> named(Map<String, String> members, String name) {
        try {
            return Optional.ofNullable(members.get(name)).map(Path::of);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
