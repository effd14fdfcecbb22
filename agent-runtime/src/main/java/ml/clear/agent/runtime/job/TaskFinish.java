// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import ml.clear.agent.runtime.execution.ExecutionFolder;

/** Brings an execution whose ending is known to its end: the console, the final status, the folder. Used by one thread. */
final class TaskFinish {

    private static final System.Logger LOG = System.getLogger(TaskFinish.class.getName());

    /** How long the last lines of a task that is being aborted by a signal may hold up the end of this process. */
    private static final Duration LAST_LINES_WHEN_URGENT = Duration.ofSeconds(10);

    private static final Duration LAST_LINES = Duration.ofMinutes(1);

    private enum Delivery {
        ALL,
        LATER,
        NEVER
    }

    private final JobContext context;
    private final ExecutionFolder folder;
    private final TaskConsole console;
    private final Abort abort;

    TaskFinish(JobContext context, ExecutionFolder folder, TaskConsole console, Abort abort) {
        this.context = context;
        this.folder = folder;
        this.console = console;
        this.abort = abort;
    }

    /** Do it; the exit code of the execute process. */
    int finish(Ending ending) throws InterruptedException {
        EndingRecord record = new EndingRecord(folder);
        boolean known = record.read().isPresent();
        if (!known) {
            record.write(ending);
            console.line(ending.words());
        }
        Delivery delivery = deliver();
        new FinalStatus(context.tasks(), context.worker(), abort::isUrgent)
                .write(folder.task(), ending.status(), known);
        switch (delivery) {
            case ALL -> {
                console.close();
                folder.remove();
            }
            case LATER -> {}
            case NEVER -> {
                console.close();
                LOG.log(
                        System.Logger.Level.ERROR,
                        "lines of task {0} that cannot be delivered to the server are kept in ''{1}''",
                        folder.task(),
                        folder.setAside());
            }
        }
        return ending.exitCode();
    }

    /** The server may be away for long, and the lines wait; only a process that has to end does not wait for them. */
    private Delivery deliver() throws InterruptedException {
        while (!console.finish(abort.isUrgent() ? LAST_LINES_WHEN_URGENT : LAST_LINES)) {
            if (console.failure().isPresent()) {
                return Delivery.NEVER;
            }
            if (abort.isUrgent()) {
                LOG.log(System.Logger.Level.WARNING, "the last lines could not be delivered; they stay in the folder");
                return Delivery.LATER;
            }
        }
        return Delivery.ALL;
    }
}
