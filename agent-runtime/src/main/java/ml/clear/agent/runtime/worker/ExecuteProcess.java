// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.runtime.execution.ExecutionFiles;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;

/**
 * The execute process of one execution, wherever its executor runs it: starts it, finds the one of an earlier daemon, starts another
 * one to resume the execution, and follows it to its end. Each attempt is recorded before it is made. Used by one thread;
 * {@link #record} is for others, too.
 */
final class ExecuteProcess {

    private static final Duration A_WHILE = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    /** An execute process that a daemon started just before it died may not have reached its folder yet. */
    private static final Duration LONGEST_START = Duration.ofSeconds(15);

    private final DaemonContext context;
    private final Path folder;
    private final FailureBackoff pace;
    private final ExecutionStops stops;
    private volatile LaunchRecord record;
    private String lastReason = "";

    ExecuteProcess(DaemonContext context, LaunchRecord record, FailureBackoff pace, ExecutionStops stops) {
        this.context = context;
        this.record = record;
        this.folder = context.folder(record);
        this.pace = pace;
        this.stops = stops;
    }

    /** The current launch record. */
    LaunchRecord record() {
        return record;
    }

    /** The executor's reason for the end of the last execute process, as the end of a message; empty without one. */
    String because() {
        return lastReason.isEmpty() ? "" : ": " + lastReason;
    }

    /** Write the record of an attempt: from here on the next daemon expects an execute process. */
    void recordAttempt() {
        record = record.attempted();
        record.write(context.executions());
    }

    /** Make the recorded attempt to start the execution. */
    Execution start(TaskFacts facts) throws InterruptedException {
        return context.launcher(record).start(new AttemptId(record.attempt()), context.request(record, facts));
    }

    /** Start another execute process, which resumes the execution, and follow it. */
    void resume() throws InterruptedException {
        recordAttempt();
        Execution execution = context.launcher(record)
                .resume(new AttemptId(record.attempt()), context.request(record, factsToResume()));
        follow(execution, LogTail.From.END);
    }

    /** An executor of this machine resumes every kind of task, also while the server is unavailable. */
    private TaskFacts factsToResume() {
        return context.launcher(record).sharesProcesses()
                ? TaskFacts.of(record.task(), Container.NONE)
                : context.facts(record);
    }

    /** Follow the execute process that an earlier daemon started, if it runs or is about to begin. */
    void followEarlier() throws InterruptedException {
        Optional<Execution> execution = attached();
        if (execution.isPresent()) {
            await(execution.get(), LogTail.From.END);
        } else {
            awaitBeginning();
        }
    }

    /** Waits while its executor cannot say whether it runs. */
    private Optional<Execution> attached() throws InterruptedException {
        Optional<ExecutionReference> reference = record.reference(context.executions());
        boolean said = false;
        while (reference.isPresent()) {
            switch (context.launcher(record).attach(reference.get())) {
                case Attachment.Found(Execution execution) -> {
                    return Optional.of(execution);
                }
                case Attachment.Gone(String reason) -> {
                    lastReason = reason;
                    return Optional.empty();
                }
                case Attachment.Unknown(String reason) -> {
                    if (!said) {
                        context.say("cannot determine yet whether task '" + record.task() + "' runs: " + reason);
                        said = true;
                    }
                    TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
                }
            }
        }
        return Optional.empty();
    }

    private void awaitBeginning() throws InterruptedException {
        long start = System.nanoTime();
        while (record.handle().isEmpty()
                && !ExecutionFolder.begun(folder)
                && System.nanoTime() - start < LONGEST_START.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** A started execution is followed even if its start cannot be recorded, for instance because the disk is full. */
    void follow(Execution execution, LogTail.From from) throws InterruptedException {
        record = record.started(execution.handle());
        try {
            record.write(context.executions());
        } catch (AgentException e) {
            context.say("the start of task '" + record.task() + "' is not recorded; it is followed anyway: "
                    + e.getMessage());
        }
        await(execution, from);
    }

    private void await(Execution execution, LogTail.From from) throws InterruptedException {
        stops.started(execution);
        try (LogTail tail = LogTail.follow(folder.resolve(ExecutionFiles.EXECUTE_LOG), from, context.console())) {
            ExecutionState state = execution.await(A_WHILE);
            while (state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting) {
                state = execution.await(A_WHILE);
            }
            lastReason = switch (state) {
                case ExecutionState.Ended ended -> ended.reason();
                case ExecutionState.Lost(String reason) -> reason;
                case ExecutionState.Running _, ExecutionState.Waiting _ -> "";
            };
        } finally {
            stops.ended();
        }
    }
}
