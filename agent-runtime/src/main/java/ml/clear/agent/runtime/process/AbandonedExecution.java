// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
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

/**
 * An execution that was begun and that nobody supervises: whether anybody can, and how it is got rid of when nobody can.
 * Trusts nothing in its folder. Not for several threads.
 */
public final class AbandonedExecution {

    /** Among the executions, so that a folder gets there by renaming it, whatever its disk. */
    private static final String ASIDE = "set-aside";

    private final Path folder;

    /** The execution in a folder. */
    public AbandonedExecution(Path folder) {
        this.folder = folder;
    }

    /** What is wrong with its records, so that no supervisor could use them; empty when nothing is. */
    public Optional<String> damage() {
        try {
            StateFile facts = StateFile.read(folder.resolve(ExecutionFolder.FACTS))
                    .orElseThrow(() -> new AgentException(ErrorCode.NOT_FOUND, "it has no facts"));
            if (facts.requiredNumber("format") != ExecutionFolder.FORMAT) {
                return Optional.empty(); // another version of the agent may understand it
            }
            TaskId task = new TaskId(facts.required("task"));
            if (!folder.endsWith(task.value())) {
                return Optional.of("it is of the task '" + task + "'");
            }
            List.of("marker", "boot").forEach(facts::required);
            for (String name : List.of(RunningProcess.KEEPER, RunningProcess.PROCESS)) {
                StateFile.read(folder.resolve(name)).ifPresent(RunningProcess::identity);
            }
            StateFile.read(folder.resolve(RunningProcess.EXIT)).ifPresent(ExitRecord::from);
            StateFile.read(folder.resolve(RunningProcess.COMPLETE)).ifPresent(record -> record.number("unmarked", 0));
            return Files.isDirectory(folder.resolve("spool")) ? Optional.empty() : Optional.of("its spool is missing");
        } catch (AgentException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the task's process was started. */
    public boolean wasStarted() {
        return Files.exists(folder.resolve(RunningProcess.PROCESS));
    }

    /** Whether the task's process, or its keeper, lives. */
    public boolean lives() {
        return Stream.of(RunningProcess.KEEPER, RunningProcess.PROCESS)
                .flatMap(name -> identity(name).stream())
                .anyMatch(ProcessIdentity::isAlive);
    }

    /** Kill everything that is left of it; whoever lives still, which is nobody unless the kernel cannot end them. */
    public List<ProcessIdentity> kill() {
        Optional<ProcessIdentity> keeper = identity(RunningProcess.KEEPER);
        List<ProcessIdentity> left = ProcessTree.ofTask(
                        keeper,
                        identity(RunningProcess.PROCESS),
                        folder.getFileName().toString())
                .kill();
        keeper.ifPresent(ProcessIdentity::kill); // last: while it lives, the orphans are below it
        return left;
    }

    /**
     * Take its folder away from the executions, for somebody to look at.
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
