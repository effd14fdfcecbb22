// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.runtime.execution.AbandonedExecution;
import ml.clear.agent.runtime.execution.ExecutionFiles;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.ResumeLimit;
import ml.clear.agent.runtime.lifecycle.FailureBackoff;

/**
 * Brings an execution to its end whose execute process may have died: starts another one until the final status is delivered, or
 * until {@link ResumeLimit} says that it is of no use. Used by one thread.
 */
final class ExecutionRecovery {

    private static final Duration LOOK = Duration.ofMillis(500);

    /** While a task that runs has no supervisor, a request to stop it is not seen. */
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(4);

    private final DaemonContext context;
    private final ExecuteProcess process;
    private final Path folder;
    private final FailureBackoff pace;

    ExecutionRecovery(DaemonContext context, ExecuteProcess process, FailureBackoff pace) {
        this.context = context;
        this.process = process;
        this.folder = context.folder(process.record());
        this.pace = pace;
    }

    /** Returns when nothing of a begun execution is left on this machine. */
    void bringToEnd() throws InterruptedException {
        AbandonedExecution execution = new AbandonedExecution(
                folder, context.launcher(process.record()).sharesProcesses());
        ResumeLimit tries = new ResumeLimit(execution);
        boolean died = true;
        while (ExecutionFolder.begun(folder)) {
            if (ExecutionFolder.supervised(folder)) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                continue;
            }
            tries.another(died && serverAnswers());
            Optional<String> hopeless = tries.hopeless();
            if (hopeless.isPresent()) {
                new UnrecoverableExecution(context, process.record(), pace).make(hopeless.get() + process.because());
                return;
            }
            context.say("the execute process of task '" + process.record().task()
                    + "' has died; starting another one to resume it");
            FileTime before = lastDelivery();
            died = resume();
            if (!lastDelivery().equals(before)) {
                pace.reset(); // it was of use, so the next one may come at once
            }
            if (ExecutionFolder.begun(folder)) {
                Duration pause = pace.afterFailure();
                boolean unseen = pause.compareTo(LONGEST_UNSEEN) > 0 && execution.lives();
                TimeUnit.NANOSECONDS.sleep((unseen ? LONGEST_UNSEEN : pause).toNanos());
            }
        }
    }

    /**
     * Start another execute process. A running task does not fail because none can be started now.
     *
     * @return whether this counts as an attempt: a process was started, or the failure would occur again
     */
    private boolean resume() throws InterruptedException {
        try {
            process.resume();
            return true;
        } catch (AgentException e) {
            context.say("no execute process could be started for task '"
                    + process.record().task() + "': " + e.getMessage());
            return e.code().kind() == ErrorKind.USER;
        }
    }

    private FileTime lastDelivery() {
        try {
            return Files.getLastModifiedTime(folder.resolve(ExecutionFiles.SHIPPED));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // nothing was sent yet
        }
    }

    /** Whether the server answers: while it does not, an execute process may have died because of that. */
    private boolean serverAnswers() {
        try {
            context.server().tasks().state(process.record().task());
            return true;
        } catch (AgentException e) {
            return false;
        }
    }
}
