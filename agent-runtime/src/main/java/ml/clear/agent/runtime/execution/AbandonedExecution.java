// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.process.ProcessTree;
import ml.clear.agent.runtime.process.StateFile;

/**
 * An execution that was begun and has no supervisor: whether it can have one, and how it is ended when it cannot.
 * Trusts nothing in its folder. Not for several threads.
 */
public final class AbandonedExecution {

    /** In the folder of the executions, so that an execution can always be moved there by renaming its folder. */
    private static final String ASIDE = "set-aside";

    private static final int LONGEST_WORDS = 300;

    private final Path folder;
    private final boolean sharesProcesses;

    /**
     * The execution in a folder.
     *
     * @param sharesProcesses whether its processes are processes of this machine, in our own process space: only then do
     *     the numbers in its records mean anything here
     */
    public AbandonedExecution(Path folder, boolean sharesProcesses) {
        this.folder = folder;
        this.sharesProcesses = sharesProcesses;
    }

    /** What is wrong with its records, so that no supervisor could use them; empty when nothing is. */
    public Optional<String> damage() {
        try {
            StateFile facts = StateFile.read(folder.resolve(ExecutionFiles.EXECUTION))
                    .orElseThrow(() -> new AgentException(ErrorCode.NOT_FOUND, "it has no facts"));
            if (facts.requiredNumber("format") != ExecutionFolder.FORMAT) {
                return Optional.empty(); // another version of the agent may understand it
            }
            TaskId task = new TaskId(facts.required("task"));
            if (!folder.endsWith(task.value())) {
                return Optional.of("it is of the task '" + task + "'");
            }
            List.of("marker", "boot").forEach(facts::required);
            for (String name : List.of(ExecutionFiles.KEEPER, ExecutionFiles.PROCESS)) {
                StateFile.read(folder.resolve(name)).ifPresent(RunningProcess::identity);
            }
            StateFile.read(folder.resolve(ExecutionFiles.EXIT)).ifPresent(ExitRecord::from);
            StateFile.read(folder.resolve(ExecutionFiles.COMPLETE)).ifPresent(record -> record.number("unmarked", 0));
            return Files.isDirectory(folder.resolve(ExecutionFiles.SPOOL))
                    ? Optional.empty()
                    : Optional.of("its spool is missing");
        } catch (AgentException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Where it is. */
    public ExecutionPhase phase() {
        return ExecutionPhase.of(folder);
    }

    /** The last line that its execute processes have printed, which is masked as the console is. */
    public Optional<String> lastWords() {
        try (Stream<String> lines = Files.lines(folder.resolve(ExecutionFiles.EXECUTE_LOG))) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .map(line -> line.substring(0, Math.min(line.length(), LONGEST_WORDS)));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // the executor keeps no such file, or it is no text
        }
    }

    /**
     * Whether the task's process, or its keeper, lives although the execute process has ended; never outside of our own
     * process space, where they end with the execution.
     */
    public boolean lives() {
        return sharesProcesses
                && Stream.of(ExecutionFiles.KEEPER, ExecutionFiles.PROCESS)
                        .flatMap(name -> identity(name).stream())
                        .anyMatch(ProcessIdentity::isAlive);
    }

    /**
     * Kill everything that is left of it in our own process space; what lives still, which is nothing unless the kernel
     * cannot end it.
     */
    public List<ProcessIdentity> kill() {
        if (!sharesProcesses) {
            return List.of();
        }
        Optional<ProcessIdentity> keeper = identity(ExecutionFiles.KEEPER);
        List<ProcessIdentity> left = ProcessTree.ofTask(
                        keeper,
                        identity(ExecutionFiles.PROCESS),
                        folder.getFileName().toString())
                .kill();
        keeper.ifPresent(ProcessIdentity::kill); // last: while it lives, the orphans are below it
        return left;
    }

    /**
     * Move its folder away from the executions, for an operator to look at.
     *
     * @return where it is now
     */
    public Path setAside() {
        Path all = folder.resolveSibling(ASIDE);
        Path aside = all.resolve(folder.getFileName() + "-" + System.currentTimeMillis());
        try {
            OwnerOnly.createFolders(all);
            return Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot move the execution folder '" + folder + "' to '" + aside + "': " + e
                            + "; move it away by hand",
                    e);
        }
    }

    private Optional<ProcessIdentity> identity(String name) {
        try {
            return StateFile.read(folder.resolve(name)).map(RunningProcess::identity);
        } catch (AgentException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
