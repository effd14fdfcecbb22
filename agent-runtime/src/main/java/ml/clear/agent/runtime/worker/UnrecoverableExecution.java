// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.execution.AbandonedExecution;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.SetupLog;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;
import ml.clear.agent.runtime.server.LogEvent;
import ml.clear.agent.runtime.server.TaskState;

/** Ends an execution that no execute process can bring to its end. Used by one thread. */
final class UnrecoverableExecution {

    private static final int MOST_LINES = 1000;

    private final DaemonContext context;
    private final LaunchRecord record;
    private final FailureBackoff pace;

    UnrecoverableExecution(DaemonContext context, LaunchRecord record, FailureBackoff pace) {
        this.context = context;
        this.record = record;
        this.pace = pace;
    }

    /** The status comes first: should this daemon die in between, the next one does it again. */
    void make(String why) throws InterruptedException {
        killWhatIsLeft();
        AbandonedExecution abandoned = new AbandonedExecution(
                context.folder(record), context.launcher(record).sharesProcesses());
        List<ProcessIdentity> left = abandoned.kill();
        if (!left.isEmpty()) {
            context.say("these processes of task '" + record.task() + "' cannot be ended: " + left);
        }
        fail("worker execution " + why);
        Path aside = abandoned.setAside();
        context.say("task '" + record.task() + "' is given up, " + why + "; what is left of it is in " + aside);
    }

    /** By its executor, with all that it created for the execution. */
    private void killWhatIsLeft() throws InterruptedException {
        try {
            Optional<ExecutionReference> reference = record.reference(context.executions());
            if (reference.isPresent()
                    && context.launcher(record).attach(reference.get()) instanceof Attachment.Found(var execution)) {
                execution.kill();
            }
        } catch (AgentException e) {
            context.say("what is left of task '" + record.task() + "' cannot be removed: " + e.getMessage());
        }
    }

    /** End a task that was taken out of its queue and not started: only a task in progress can fail. */
    void failLaunch(String reason) throws InterruptedException {
        sendSetupLog();
        fail(reason, true);
    }

    /** The way to the failure explains it; sent once, since the reason is in the status too. */
    private void sendSetupLog() {
        List<String> lines = new ArrayList<>();
        SetupLog.in(context.folder(record)).moveTo(lines::add);
        if (lines.isEmpty()) {
            return;
        }
        String text = String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size())) + "\n";
        try {
            context.server()
                    .events()
                    .addLog(List.of(
                            new LogEvent(record.task(), record.worker(), "INFO", text, System.currentTimeMillis())));
        } catch (AgentException e) {
            context.say("the log of the failed launch of task '" + record.task() + "' is not sent: " + e.getMessage());
        }
    }

    /** Unless it is over already, or queued again. */
    private void fail(String reason) throws InterruptedException {
        fail(reason, false);
    }

    private void fail(String reason, boolean ofQueue) throws InterruptedException {
        String message = "Changed by clearml-agent " + record.worker();
        while (true) {
            try {
                Optional<TaskStatus> status =
                        context.server().tasks().state(record.task()).map(TaskState::status);
                if (ofQueue && status.filter(TaskStatus.QUEUED::equals).isPresent()) {
                    context.server().tasks().started(record.task(), "launch failed", message);
                    continue;
                }
                if (status.filter(TaskStatus.IN_PROGRESS::equals).isPresent()) {
                    context.server().tasks().failed(record.task(), reason, message);
                }
                return;
            } catch (AgentException e) {
                if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.NOT_FOUND) {
                    return;
                }
                TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
            }
        }
    }
}
