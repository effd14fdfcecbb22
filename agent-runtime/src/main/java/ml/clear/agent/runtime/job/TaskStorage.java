// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.server.TaskService;
import ml.clear.agent.runtime.storage.Storage;
import ml.clear.agent.runtime.storage.StorageProbe;

/** What tasks have in stores: changes that are too large for the task itself, and the place of their results. */
public final class TaskStorage {

    private static final String ARTIFACT = "auxiliary_git_diff";

    /** The note is a comment; a script that only mentions the artifact has other lines. */
    private static final Pattern NOTE = Pattern.compile("(?:\\s*#[^\\n]*\\n?)*#[^\\n]*Artifacts/" + ARTIFACT + "\\s*");

    private final TaskService tasks;
    private final Supplier<Storage> storage;
    private final String outputPlace;

    /**
     * Storage for tasks.
     *
     * @param outputPlace where results go, empty for the default of the server
     */
    public TaskStorage(TaskService tasks, Supplier<Storage> storage, String outputPlace) {
        this.tasks = tasks;
        this.storage = storage;
        this.outputPlace = outputPlace.strip();
    }

    /**
     * The script of a task. Uncommitted changes that the SDK stored as an artifact, since they are too large, take the place of
     * the note about them.
     *
     * @param folder an absolute folder of this execution
     */
    Script script(Task task, Path folder, Console console) throws InterruptedException {
        Script script = task.script();
        if (!script.hasRepository() || !NOTE.matcher(script.diff()).matches()) {
            return script;
        }
        String address = tasks.artifact(task.id(), ARTIFACT)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.TASK_INVALID,
                        "the uncommitted changes of the task are in its artifact '" + ARTIFACT
                                + "', which it does not have; clear the section to run it without them"));
        console.line("fetching the uncommitted changes from artifact '" + ARTIFACT + "'");
        return with(script, text(address, folder.resolve("stored-diff")));
    }

    /**
     * Try to write where results will go, so that a task does not fail at its end for a reason that is known at its start.
     *
     * @throws AgentException with the reason, when only a user can remove it; others are printed, they may pass
     */
    void checkOutputPlace(Console console) throws InterruptedException {
        if (!outputPlace.contains("://") || outputPlace.startsWith("http")) {
            return; // the files server of the task, or a path
        }
        List<StorageProbe.Step> failed = new ArrayList<>();
        try {
            new StorageProbe(storage.get(), Storage.address(outputPlace))
                    .run(step -> failed.addAll(step.passed() ? List.of() : List.of(step)));
        } catch (AgentException e) {
            if (e.code() == ErrorCode.PLUGIN_UNUSABLE) {
                return; // a store that only the task's Python package knows
            }
            throw e;
        }
        for (StorageProbe.Step step : failed) {
            String words = "sdk.development.default_output_uri '" + outputPlace + "': cannot " + step.name() + ": "
                    + step.failure();
            if (step.name().equals("write") && step.permanent()) {
                throw new AgentException(ErrorCode.STORAGE_FAILED, words);
            }
            console.line("warning: " + words);
        }
    }

    private String text(String address, Path folder) throws InterruptedException {
        try {
            Path file = storage.get().localFile(Storage.address(address), folder, TransferProgress.NONE);
            String text = Files.readString(file);
            Folders.delete(folder);
            return text;
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the artifact '" + ARTIFACT + "' of the task cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static Script with(Script script, String diff) {
        return new Script(
                script.binary(),
                script.repository(),
                script.branch(),
                script.tag(),
                script.commit(),
                script.workingDirectory(),
                script.entryPoint(),
                diff,
                script.requirements());
    }
}
