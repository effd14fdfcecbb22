// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.runtime.process.StateFile;

/**
 * The phase of an execution, derived from the records in its folder: the one table of its life cycle. Each phase is
 * entered by one record, which one kind of process writes; so reading it needs no lock, and a process that dies leaves
 * the execution in the phase that it had reached. {@code docs/architecture.md} draws the transitions.
 *
 * <p>Before the first phase the task is in a queue, or a {@link PendingDequeue} records that a daemon is taking it out
 * of the queue; after the last one the folder is deleted, since everything has been reported to the server.
 */
public enum ExecutionPhase {
    /** Nothing is begun, or everything is delivered. */
    NONE(Writer.NONE, Resumption.NOTHING, 0),
    /** A daemon has taken the task and starts, or has started, its execute process. */
    TAKEN(Writer.DAEMON, Resumption.NOTHING, 0),
    /** An execute process owns the execution: it claims the task, and prepares it. The script is not started. */
    PREPARING(Writer.EXECUTE, Resumption.PREPARE_AGAIN, 3),
    /** The script runs, or its keeper died before it could write its end. */
    STARTED(Writer.KEEPER, Resumption.FOLLOW, 10),
    /** The script has ended. */
    ENDED(Writer.KEEPER, Resumption.FOLLOW, 10),
    /** How the task ends is decided, and not everything has been reported to the server yet. */
    CONCLUDED(Writer.EXECUTE, Resumption.DELIVER, 10);

    /** The first format of the keeper's record that shows whether the launch was taken. */
    private static final int CLAIM_RECORDED = 2;

    private final Writer writer;
    private final Resumption resumption;
    private final int mostDeaths;

    ExecutionPhase(Writer writer, Resumption resumption, int mostDeaths) {
        this.writer = writer;
        this.resumption = resumption;
        this.mostDeaths = mostDeaths;
    }

    /** Whose record brings an execution into a phase. */
    public enum Writer {
        /** None: there is no record. */
        NONE,
        /** The daemon. */
        DAEMON,
        /** The execute process. */
        EXECUTE,
        /** The keeper. */
        KEEPER
    }

    /** What {@code execute --resume} does with an execution in a phase. */
    public enum Resumption {
        /** Nothing: there is none to resume. */
        NOTHING,
        /** Claim the task again, unless it is another run's, and prepare it. */
        PREPARE_AGAIN,
        /** Follow the script to its end. */
        FOLLOW,
        /** Deliver the console and the final status. */
        DELIVER
    }

    /** The phase of the execution in a folder; what of it cannot be read counts as absent. */
    public static ExecutionPhase of(Path folder) {
        if (!Files.exists(folder.resolve(ExecutionFiles.EXECUTION))) {
            return Files.exists(folder.resolve(ExecutionFiles.LAUNCHED)) ? TAKEN : NONE;
        }
        if (Files.exists(folder.resolve(ExecutionFiles.ENDING))) {
            return CONCLUDED;
        }
        if (Files.exists(folder.resolve(ExecutionFiles.EXIT))) {
            return ENDED;
        }
        return mayHaveStarted(folder) ? STARTED : PREPARING;
    }

    /** Whose record brings an execution into this phase. */
    public Writer writer() {
        return writer;
    }

    /** What {@code execute --resume} does. */
    public Resumption resumption() {
        return resumption;
    }

    /** How many execute processes may die in this phase, one after the other, before a daemon fails the task. */
    public int mostDeaths() {
        return mostDeaths;
    }

    /** Whether there is an execution that an execute process can resume. */
    public boolean isBegun() {
        return resumption != Resumption.NOTHING;
    }

    /** Whether the script may have been started. */
    public boolean isStarted() {
        return switch (this) {
            case NONE, TAKEN, PREPARING -> false;
            case STARTED, ENDED, CONCLUDED -> true;
        };
    }

    /** Whether the records of the task's process say that it was started, or could not be. */
    static boolean hasStarted(Path folder) {
        return Files.exists(folder.resolve(ExecutionFiles.PROCESS))
                || Files.exists(folder.resolve(ExecutionFiles.EXIT));
    }

    /** A keeper that died before it had taken the launch has started nothing; earlier versions do not record that. */
    static boolean mayHaveStarted(Path folder) {
        return hasStarted(folder)
                || StateFile.read(folder.resolve(ExecutionFiles.KEEPER))
                        .filter(facts -> facts.number("format", 1) < CLAIM_RECORDED || facts.number("claimed", 0) > 0)
                        .isPresent();
    }
}
