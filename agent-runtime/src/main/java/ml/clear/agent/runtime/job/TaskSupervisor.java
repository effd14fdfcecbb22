// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.Outcome;
import ml.clear.agent.runtime.process.RunningProcess;

/** Follows a task's process to its end, which an abort brings about when one comes. */
final class TaskSupervisor {

    private static final Duration LOOK = Duration.ofMillis(100);

    /** The keeper takes the output of what a task leaves behind for two seconds. */
    private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(30);

    private final Duration grace;
    private final AbortCallback callback;
    private final Console console;

    /**
     * A supervisor.
     *
     * @param grace the time between TERM and KILL
     * @param callback the time before TERM that a task has announced
     * @param console where an abort is told
     */
    TaskSupervisor(Duration grace, AbortCallback callback, Console console) {
        this.grace = grace;
        this.callback = callback;
        this.console = console;
    }

    /** Wait for the end of a process, and for the last of its output. */
    Outcome follow(RunningProcess process, Abort abort) throws InterruptedException {
        Optional<Outcome> outcome = process.outcome();
        while (outcome.isEmpty()) {
            outcome = abort.await(Duration.ZERO) ? Optional.of(stop(process, abort)) : process.await(LOOK);
        }
        process.awaitOutput(OUTPUT_LIMIT);
        return outcome.get();
    }

    private Outcome stop(RunningProcess process, Abort abort) throws InterruptedException {
        Optional<AbortReason> reason = abort.reason();
        if (reason.isPresent()) {
            callback.await(reason.get(), limit -> process.await(limit).isPresent());
            console.line("Aborting: task " + reason.get().words() + "; TERM now, KILL in " + grace.toSeconds() + " s");
        }
        List<ProcessIdentity> left = process.terminate(grace);
        if (!left.isEmpty()) {
            console.line("these processes cannot be ended: " + left);
        }
        return process.await(OUTPUT_LIMIT).orElseGet(() -> new Outcome.Lost("it does not end, though it was killed"));
    }
}
