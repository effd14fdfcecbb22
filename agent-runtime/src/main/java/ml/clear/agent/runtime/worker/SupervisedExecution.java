// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.process.AbandonedExecution;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.server.QueueService.Place;
import ml.clear.agent.runtime.server.TaskState;

/**
 * One execution, from its start, or from where an earlier daemon left it, to the moment when nothing is left to do for it:
 * the execute process has written the final status and removed the folder. When it dies before that, another one is started
 * that goes on. Used by one thread, which an interruption makes leave: what runs goes on, what is not started goes back to
 * its queue.
 */
final class SupervisedExecution {

    private static final Duration A_WHILE = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** While nobody follows a task that runs, nobody sees that it is to be stopped. */
    private static final Duration LONGEST_UNSEEN = Duration.ofSeconds(4);

    /** An execute process that a daemon started just before it died may not have reached its folder yet. */
    private static final Duration LONGEST_START = Duration.ofSeconds(15);

    private final Site site;
    private final Path folder;
    private final Pace pace;
    private LaunchRecord record;

    SupervisedExecution(Site site, LaunchRecord record) {
        this.site = site;
        this.record = record;
        this.folder = site.folder(record);
        this.pace = new Pace(site.patience(), LONGEST_PAUSE);
    }

    /** What became of it. */
    enum Result {
        /** It ran, or is not to be run any more. */
        ENDED,
        /** It could not be started here, and is in its queue again. */
        REFUSED
    }

    /** Start it, and follow it to its end. */
    Result run() throws InterruptedException {
        Execution execution;
        try {
            bringToEnd(); // an earlier execution of the task may not be over on this machine
            record.write(site.executions());
            Container container = site.server().tasks().get(record.task()).container();
            execution = site.launcher().start(record.task(), container, Output.FILE, site.variables(record));
        } catch (AgentException e) {
            if (Thread.interrupted()) {
                leave();
                throw new InterruptedException("stopped before the execution was started");
            }
            if (e.code() == ErrorCode.NOT_FOUND) {
                site.say("task '" + record.task() + "' is not run: " + e.getMessage());
                record.remove(site.executions());
                return Result.ENDED;
            }
            return refused(e.getMessage());
        } catch (InterruptedException e) {
            leave();
            throw e;
        }
        follow(execution, LogTail.From.BEGINNING);
        return settle(Place.BACK);
    }

    /** Take it up from a daemon that has died. */
    Result takeUp() throws InterruptedException {
        Optional<Execution> execution = site.launcher().attach(record.handle());
        if (execution.isPresent()) {
            await(execution.get(), LogTail.From.END);
        } else {
            awaitBeginning();
        }
        return settle(Place.FRONT);
    }

    private void awaitBeginning() throws InterruptedException {
        long start = System.nanoTime();
        while (record.handle().isEmpty()
                && !ExecutionFolder.begun(folder)
                && System.nanoTime() - start < LONGEST_START.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    /** Once it is started it is followed, even if a full disk keeps that from being written down. */
    private void follow(Execution execution, LogTail.From from) throws InterruptedException {
        record = record.started(execution.handle());
        try {
            record.write(site.executions());
        } catch (AgentException e) {
            site.say("the execute process of task '" + record.task() + "' is followed all the same: " + e.getMessage());
        }
        await(execution, from);
    }

    private void await(Execution execution, LogTail.From from) throws InterruptedException {
        try (LogTail tail = LogTail.follow(folder.resolve("execute.log"), from, site.console())) {
            ExecutionState state = execution.await(A_WHILE);
            while (state instanceof ExecutionState.Running || state instanceof ExecutionState.Waiting) {
                state = execution.await(A_WHILE);
            }
        }
    }

    /** Its execute process is gone: whatever that has left undone is done now. */
    private Result settle(Place place) throws InterruptedException {
        bringToEnd();
        return LaunchRecord.read(folder).isEmpty() ? Result.ENDED : neverBegun(place);
    }

    private void bringToEnd() throws InterruptedException {
        AbandonedExecution execution = new AbandonedExecution(folder);
        FruitlessTries tries = new FruitlessTries(execution);
        boolean died = true;
        while (ExecutionFolder.begun(folder)) {
            if (ExecutionFolder.supervised(folder)) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
                continue;
            }
            tries.another(died && serverAnswers());
            Optional<String> hopeless = tries.hopeless();
            if (hopeless.isPresent()) {
                giveUp(hopeless.get());
                return;
            }
            site.say("the execute process of task '" + record.task() + "' has died; another one goes on with it");
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

    private FileTime lastDelivery() {
        try {
            return Files.getLastModifiedTime(folder.resolve("shipped"));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // nothing was sent yet
        }
    }

    /** What died while the server was away may have died of that. */
    private boolean serverAnswers() {
        try {
            site.server().tasks().state(record.task());
            return true;
        } catch (AgentException e) {
            return false;
        }
    }

    /** The server is told first: should this daemon die in between, the next one does it again. */
    private void giveUp(String why) throws InterruptedException {
        AbandonedExecution abandoned = new AbandonedExecution(folder);
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

    /** A task that runs is not given up because nobody can be started to follow it now. */
    private boolean resume() throws InterruptedException {
        try {
            follow(
                    site.launcher().resume(record.task(), Container.NONE, Output.FILE, site.variables(record)),
                    LogTail.From.END);
            return true;
        } catch (AgentException e) {
            site.say("no execute process could be started for task '" + record.task() + "': " + e.getMessage());
            return false;
        }
    }

    /** On this machine, that is; it may have run elsewhere. */
    private Result neverBegun(Place place) throws InterruptedException {
        Optional<TaskState> state = state();
        if (state.isPresent() && state.get().status() == TaskStatus.QUEUED) {
            site.say("task '" + record.task() + "' was not started and goes back to its queue");
            putBack(place);
            return Result.REFUSED;
        }
        record.remove(site.executions());
        return Result.ENDED;
    }

    private Optional<TaskState> state() throws InterruptedException {
        while (true) {
            try {
                return site.server().tasks().state(record.task());
            } catch (AgentException e) {
                TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
            }
        }
    }

    private Result refused(String why) throws InterruptedException {
        site.say("task '" + record.task() + "' cannot be started and goes back to its queue: " + why);
        putBack(Place.BACK);
        return Result.REFUSED;
    }

    private void putBack(Place place) throws InterruptedException {
        while (!triedToPutBack(place)) {
            TimeUnit.NANOSECONDS.sleep(pace.afterFailure().toNanos());
        }
    }

    /** The daemon ends, so one try must do; after a failure the record tells the next daemon. */
    private void leave() {
        site.say("task '" + record.task() + "' is not started any more and goes back to its queue");
        if (!triedToPutBack(Place.FRONT)) {
            site.say("the server does not answer; the next daemon on this machine gives the task back");
        }
    }

    private boolean triedToPutBack(Place place) {
        try {
            if (!record.queue().isEmpty()) {
                site.server().queues().putBack(record.queue(), record.task(), place);
            }
        } catch (AgentException e) {
            if (e.code().kind() != ErrorKind.USER) {
                return false;
            }
            site.say("task '" + record.task() + "' is in no queue any more: " + e.getMessage());
        }
        if (!ExecutionFolder.begun(folder)) {
            record.remove(site.executions());
        }
        return true;
    }
}
