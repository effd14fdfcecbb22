// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.execution.Outcome;
import ml.clear.agent.runtime.execution.RunningProcess;
import ml.clear.agent.runtime.job.TaskMonitor.Reports;

/**
 * Follows a task's process to its end, and terminates it when an abort is requested. A failure meanwhile, such as a
 * lack of file handles, does not end the task: the supervisor retries until the end of the process is known.
 */
final class TaskSupervisor {

    private static final System.Logger LOG = System.getLogger(TaskSupervisor.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** With no keeper that could write it again, a record that cannot be read for so long is damaged. */
    private static final Duration LONGEST_UNREADABLE = Duration.ofMinutes(1);

    /** The keeper takes the output of what a task leaves behind for two seconds. */
    private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(30);

    private final Duration grace;
    private final BeforeStop beforeStop;
    private final Reports machine;
    private final Console console;

    /**
     * A supervisor.
     *
     * @param grace the time between TERM and KILL
     * @param beforeStop what happens before TERM
     * @param machine reports about the machine, which end with an abort
     * @param console where an abort is shown
     */
    TaskSupervisor(Duration grace, BeforeStop beforeStop, Reports machine, Console console) {
        this.grace = grace;
        this.beforeStop = beforeStop;
        this.machine = machine;
        this.console = console;
    }

    /** Wait for the end of a process, and for the last of its output. */
    Outcome follow(RunningProcess process, Abort abort) throws InterruptedException {
        Optional<Outcome> outcome = Optional.empty();
        long failing = 0;
        while (outcome.isEmpty()) {
            try {
                outcome = abort.await(Duration.ZERO) ? Optional.of(stop(process, abort)) : process.await(LOOK);
                failing = 0;
            } catch (AgentException | IllegalStateException | UncheckedIOException e) {
                failing = failing == 0 ? firstFailure(e) : failing;
                outcome = damage(process, failing, e);
                TimeUnit.NANOSECONDS.sleep(AFTER_FAILURE.toNanos());
            }
        }
        process.awaitOutput(OUTPUT_LIMIT);
        return outcome.get();
    }

    private static long firstFailure(RuntimeException failure) {
        LOG.log(
                System.Logger.Level.WARNING,
                "the task''s process cannot be followed now, retrying: {0}",
                failure.getMessage());
        return System.nanoTime();
    }

    private static Optional<Outcome> damage(RunningProcess process, long since, RuntimeException failure) {
        boolean tooLong = System.nanoTime() - since > LONGEST_UNREADABLE.toNanos();
        return tooLong && process.hasEnded()
                ? Optional.of(new Outcome.Lost(String.valueOf(failure.getMessage())))
                : Optional.empty();
    }

    private Outcome stop(RunningProcess process, Abort abort) throws InterruptedException {
        machine.close();
        Optional<AbortReason> reason = abort.reason();
        if (reason.isPresent()) {
            beforeStop.await(reason.get(), limit -> process.await(limit).isPresent());
            console.line("Aborting: task " + reason.get().words() + "; TERM now, KILL in " + grace.toSeconds() + " s");
        }
        List<ProcessIdentity> left = process.terminate(grace);
        if (!left.isEmpty()) {
            console.line("these processes cannot be ended: " + left);
        }
        return process.await(OUTPUT_LIMIT).orElseGet(() -> new Outcome.Lost("it does not end, though it was killed"));
    }
}
