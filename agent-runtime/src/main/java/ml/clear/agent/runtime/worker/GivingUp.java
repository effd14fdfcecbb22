// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.process.AbandonedExecution;

/** Ends an execution that no execute process can bring to its end. Used by one thread. */
final class GivingUp {

    private final Site site;
    private final LaunchRecord record;
    private final Pace pace;

    GivingUp(Site site, LaunchRecord record, Pace pace) {
        this.site = site;
        this.record = record;
        this.pace = pace;
    }

    /** The server is told first: should this daemon die in between, the next one does it again. */
    void make(String why) throws InterruptedException {
        AbandonedExecution abandoned = new AbandonedExecution(site.folder(record));
        List<ProcessIdentity> left = abandoned.kill();
        if (!left.isEmpty()) {
            site.say("these processes of task '" + record.task() + "' cannot be ended: " + left);
        }
        fail("worker execution " + why);
        Path aside = abandoned.setAside();
        site.say("task '" + record.task() + "' is given up, " + why + "; what is left of it is in " + aside);
    }

    /** Unless it is over already, or queued again. */
    private void fail(String reason) throws InterruptedException {
        while (true) {
            try {
                if (site.server()
                        .tasks()
                        .state(record.task())
                        .filter(state -> state.status() == TaskStatus.IN_PROGRESS)
                        .isPresent()) {
                    site.server().tasks().failed(record.task(), reason, "Changed by clearml-agent " + record.worker());
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
