// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.ProcessTree;
import ml.clear.agent.runtime.process.StateFile;
import org.jspecify.annotations.Nullable;

/**
 * A task's process under its keeper, started by this agent or by one before it: its whole state is in its folder. Safe
 * for several threads, so that one may stop it while another waits.
 */
public final class RunningProcess {

    private static final Duration LOOK_AT_RECORD = Duration.ofMillis(25);
    private static final Duration LOOK_AT_TREE = Duration.ofSeconds(1);
    private static final Duration KEEPER_START = Duration.ofSeconds(5);

    private final ExecutionFolder folder;
    private final ProcessIdentity keeper;
    private final ProcessTree tree;
    private @Nullable Outcome outcome;
    private long treeSeen = System.nanoTime();

    private RunningProcess(ExecutionFolder folder, ProcessIdentity keeper) {
        this.folder = folder;
        this.keeper = keeper;
        this.tree = tree(folder);
    }

    /**
     * Attach to the process of an execution, running or ended. Empty when none was ever started, and then none will be: a
     * keeper that is just about to is held back.
     */
    public static Optional<RunningProcess> attach(ExecutionFolder folder) throws InterruptedException {
        boolean heldBack = false;
        try {
            // The keeper claims the launch by renaming it, so one of the two gets it.
            heldBack = Files.deleteIfExists(folder.file(ExecutionFiles.LAUNCH));
        } catch (IOException e) {
            // Then the keeper's own record decides.
        }
        if (heldBack || !Files.exists(folder.file(ExecutionFiles.KEEPER))) {
            return Optional.empty();
        }
        ProcessIdentity keeper = StateFile.read(folder.file(ExecutionFiles.KEEPER))
                .map(RunningProcess::identity)
                .orElseThrow();
        long deadline = System.nanoTime() + KEEPER_START.toNanos();
        while (!ExecutionPhase.hasStarted(folder.path()) && keeper.isAlive() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return ExecutionPhase.mayHaveStarted(folder.path()) || keeper.isAlive()
                ? Optional.of(new RunningProcess(folder, keeper))
                : Optional.empty();
    }

    /** Everything that descends from an execution, as far as its records tell. */
    static ProcessTree tree(ExecutionFolder folder) {
        return ProcessTree.of(
                StateFile.read(folder.file(ExecutionFiles.KEEPER)).map(RunningProcess::identity),
                StateFile.read(folder.file(ExecutionFiles.PROCESS)).map(RunningProcess::identity),
                folder.marker());
    }

    /** The identity that a record of the keeper holds. */
    static ProcessIdentity identity(StateFile facts) {
        return new ProcessIdentity(facts.required("boot"), facts.requiredNumber("pid"), facts.requiredNumber("ticks"));
    }

    /** The task's process; empty when it could not be started. */
    public Optional<ProcessIdentity> process() {
        return StateFile.read(folder.file(ExecutionFiles.PROCESS)).map(RunningProcess::identity);
    }

    /** The keeper. */
    public ProcessIdentity keeper() {
        return keeper;
    }

    /**
     * Whether neither the keeper nor the task's process lives, regardless of their other records.
     *
     * @throws IllegalStateException when the system cannot be asked now
     */
    public boolean hasEnded() {
        return !keeper.isAlive() && !process().map(ProcessIdentity::isAlive).orElse(false);
    }

    /** The keeper's record; empty while the process runs, and for ever when the keeper was lost. */
    public Optional<ExitRecord> exit() {
        return StateFile.read(folder.file(ExecutionFiles.EXIT)).map(ExitRecord::from);
    }

    /**
     * How it ended; empty while it runs. Does not wait, except when the keeper is found dead without a record: then what is
     * left of the task is killed first.
     */
    public synchronized Optional<Outcome> outcome() {
        if (outcome == null) {
            outcome = look();
        }
        return Optional.ofNullable(outcome);
    }

    /** Wait for the end, at most for a time; empty when it still runs then. */
    public Optional<Outcome> await(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        Optional<Outcome> end = outcome();
        while (end.isEmpty()) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_AT_RECORD.toNanos()));
            end = outcome();
        }
        return end;
    }

    /**
     * Whether the spool has all that it will ever get: its writers have ended, or their time to drain after the end of the
     * task's process is over.
     */
    public boolean outputComplete() {
        return Files.exists(folder.file(ExecutionFiles.COMPLETE)) || !keeper.isAlive();
    }

    /** Wait until {@link #outputComplete()}, at most for a time; whether it is. */
    public boolean awaitOutput(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        while (!outputComplete()) {
            if (System.nanoTime() - start >= limit.toNanos()) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_AT_RECORD.toNanos());
        }
        return true;
    }

    /** What is missing at the very end of the spool, because the disk stayed full to the end; a line for the console. */
    public Optional<String> missingAtEnd() {
        return StateFile.read(folder.file(ExecutionFiles.COMPLETE))
                .filter(facts -> facts.number("unmarked", 0) > 0)
                .map(facts ->
                        "clearml-agent: " + facts.requiredNumber("unmarked") + " bytes of output are missing here: "
                                + facts.text("reason").orElse("unknown"));
    }

    /**
     * Stop the task: TERM to its process group, time to end by itself, then KILL for everything that descends from it,
     * double-forked processes included. Returns early when nothing lives any more. An interruption shortens the grace and
     * is kept.
     *
     * @param grace how long its processes may take after TERM
     * @return what is alive still, which is nothing unless the kernel cannot end it
     */
    public List<ProcessIdentity> terminate(Duration grace) {
        tree.members(); // before anything can leave its session and parents
        tree.terminate();
        long start = System.nanoTime();
        boolean interrupted = false;
        while (!interrupted && System.nanoTime() - start < grace.toNanos() && !tree.isOver()) {
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_AT_RECORD.toNanos());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        List<ProcessIdentity> left = tree.kill();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    private @Nullable Outcome look() {
        Optional<ExitRecord> record = exit();
        if (record.isPresent()) {
            return record.get().outcome();
        }
        if (folder.ofEarlierBoot()) {
            return new Outcome.Lost("machine restarted");
        }
        if (keeper.isAlive()) {
            watchTree();
            return null;
        }
        record = exit(); // it may have been written between the two looks
        if (record.isPresent()) {
            return record.get().outcome();
        }
        tree.kill();
        return new Outcome.Lost(Keeper.lastWords(folder)
                .map(words -> "the keeper of the task failed: " + words)
                .orElse("the keeper of the task was killed"));
    }

    /** With the keeper, the orphans' trace is lost; so the tree is looked at from time to time. */
    private void watchTree() {
        long now = System.nanoTime();
        if (now - treeSeen >= LOOK_AT_TREE.toNanos()) {
            treeSeen = now;
            tree.watch();
        }
    }
}
