// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.PreparedCode;
import ml.clear.agent.runtime.environment.PreparedEnvironment;
import ml.clear.agent.runtime.lifecycle.Phases;

/**
 * Makes the environment of a task, with its code in it, and keeps it; the task itself is left as it is. Safe for several
 * threads.
 */
public final class TaskBuild {

    /** Below the target, the root of the code. */
    private static final String CODE = "code";

    private final Checkouts checkouts;
    private final TaskStorage storage;
    private final TaskEnvironments environments;

    /** A build with these parts. */
    public TaskBuild(Checkouts checkouts, TaskStorage storage, TaskEnvironments environments) {
        this.checkouts = checkouts;
        this.storage = storage;
        this.environments = environments;
    }

    /**
     * Build it.
     *
     * @param target the folder of the environment, absolute; it must not exist, or be empty. The code goes below it as well
     * @return what is installed, and where the code is
     * @throws AgentException what a run of the task would fail with as well; nothing is left then
     */
    public BuiltTask build(Task task, Path target, Console console) throws InterruptedException {
        Path sources = target.resolveSibling(target.getFileName() + ".sources");
        claim(target, sources);
        boolean done = false;
        try {
            Phases phases = new Phases(console);
            PreparedCode code = phases.run("code", summary -> {
                PreparedCode prepared = checkouts.prepare(storage.script(task, sources, console), sources, console);
                summary.accept(prepared.summary());
                return prepared;
            });
            try (PreparedEnvironment made =
                    phases.run("environment", summary -> environments.make(task, code, target, console, summary))) {
                move(sources, target);
                Path root = target.resolve(sources.relativize(code.root()));
                if (!Files.exists(target.resolve(CODE))) {
                    Files.createSymbolicLink(target.resolve(CODE), target.relativize(root));
                }
                done = true;
                return new BuiltTask(
                        made.environment(), target.resolve(sources.relativize(code.scriptFolder())), code.commit());
            }
        } catch (IOException e) {
            throw failed(target, e);
        } finally {
            remove(sources);
            if (!done) {
                remove(target);
            }
        }
    }

    /** Check that the target is empty or does not exist, and create the folder of the sources. */
    private static void claim(Path target, Path sources) {
        try {
            if (Files.exists(target) && !isEmpty(target)) {
                throw new AgentException(
                        ErrorCode.COMMAND_LINE_INVALID,
                        "the target '" + target + "' is not empty; name another folder, or remove it");
            }
            Folders.delete(sources);
            Files.createDirectories(sources);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            return !files.iterator().hasNext();
        }
    }

    private static AgentException failed(Path target, IOException cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot build in '" + target + "': " + cause + "; name an empty folder on a disk with room",
                cause);
    }

    private static void move(Path from, Path into) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Files.move(file, into.resolve(from.relativize(file)));
            }
        }
    }

    private static void remove(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            System.getLogger(TaskBuild.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot remove ''{0}'': {1}", folder, e.toString());
        }
    }
}
