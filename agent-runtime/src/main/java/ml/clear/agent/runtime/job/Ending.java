// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.execution.Outcome;

/**
 * How a task ended, as shown by its console, its status and the exit code of the execute process. The words are those
 * of the Python agent where it has some.
 *
 * @param words the closing line of the console
 * @param status the final status
 * @param exitCode the exit code of the execute process
 */
record Ending(String words, Status status, int exitCode) {

    private static final int SIGNAL_BASE = 128;
    private static final int SIGTERM = 15;

    /** As of timeout(1). */
    private static final int TIMED_OUT = 124;

    /**
     * The final status of the task on the server.
     *
     * @param kind which call
     * @param reason the reason it carries
     */
    record Status(Kind kind, String reason) {

        /** The calls. */
        enum Kind {
            COMPLETED,
            FAILED,
            STOPPED,
            /** None: another one has set the status; what this run still has to report belongs there. */
            LEFT_ALONE,
            /** None: the task belongs to another run or was deleted, so nothing more is reported. */
            DISOWNED
        }
    }

    /** The end of a task whose process ended, by itself or because of an abort. */
    static Ending of(Outcome outcome, Optional<AbortReason> abort) {
        return abort.map(reason -> aborted(outcome, reason)).orElseGet(() -> unasked(outcome));
    }

    /** The end of a task that was aborted before its process was started. */
    static Ending abortedBeforeStart(AbortReason reason) {
        return aborted(new Outcome.Signalled(SIGTERM), reason);
    }

    /**
     * The end of a task that was aborted while a step of its preparation would not stop, or ended the process.
     *
     * @param trouble which step
     */
    static Ending abortedInTrouble(AbortReason reason, String trouble) {
        if (reason == AbortReason.PROCESS_ENDING) {
            return notSetUp(trouble + "; this is a defect of that code");
        }
        Ending ending = abortedBeforeStart(reason);
        return new Ending(
                ending.words() + "; " + trouble,
                new Status(ending.status().kind(), ending.status().reason() + "; " + trouble),
                ending.exitCode());
    }

    /** The end of a task that could not be set up. */
    static Ending notSetUp(String why) {
        return notSetUp(why, 1);
    }

    /** The same, with the exit code that the error has for commands. */
    static Ending notSetUp(String why, Throwable error) {
        boolean timedOut = error instanceof AgentException known && known.code() == ErrorCode.TIMED_OUT;
        return notSetUp(why, timedOut ? TIMED_OUT : 1);
    }

    private static Ending notSetUp(String why, int exitCode) {
        return new Ending("Process failed, could not be set up: " + why, failed("set-up failed: " + why), exitCode);
    }

    private static Ending unasked(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Exited(int code)
            when code == 0 ->
                new Ending(
                        "Process completed successfully",
                        new Status(Status.Kind.COMPLETED, "worker execution done"),
                        0);
            case Outcome.Exited(int code) ->
                new Ending("Process failed, exit code " + code, failed("worker execution exit code " + code), code);
            case Outcome.Signalled(int signal) -> failed(outcome, SIGNAL_BASE + signal);
            case Outcome.OutOfMemory _ -> failed(outcome, SIGNAL_BASE + 9);
            case Outcome.NotStarted _, Outcome.Lost _ -> failed(outcome, 1);
        };
    }

    private static Ending failed(Outcome outcome, int exitCode) {
        return new Ending(
                "Process failed, " + outcome.description(),
                failed("worker execution " + outcome.description()),
                exitCode);
    }

    private static Status failed(String reason) {
        return new Status(Status.Kind.FAILED, reason);
    }

    private static Ending aborted(Outcome outcome, AbortReason reason) {
        Status status = switch (reason) {
            case STOP_REQUESTED -> new Status(Status.Kind.STOPPED, "task was stopped by tasks.stop");
            case SIGNAL -> new Status(Status.Kind.STOPPED, "user abort");
            case STATUS_CHANGED -> new Status(Status.Kind.LEFT_ALONE, "");
            case RESET, REQUEUED, DELETED, CLAIMED_ELSEWHERE -> new Status(Status.Kind.DISOWNED, "");
            case PROCESS_ENDING -> failed("the execute process was ended from within");
        };
        String words = switch (reason) {
            case STOP_REQUESTED -> "Process aborted by user";
            case SIGNAL -> "Process terminated by user";
            case STATUS_CHANGED, RESET, REQUEUED, DELETED, CLAIMED_ELSEWHERE, PROCESS_ENDING ->
                "Process aborted, task " + reason.words();
        };
        return new Ending(words, status, SIGNAL_BASE + signalOf(outcome));
    }

    private static int signalOf(Outcome outcome) {
        return outcome instanceof Outcome.Signalled(int signal) ? signal : SIGTERM;
    }
}
