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
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.runtime.process.AbandonedExecution;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.server.QueueService.Place;
import org.jspecify.annotations.Nullable;

/**
 * One execution, from its start, or from where an earlier daemon left it, to the moment when nothing is left to do for it:
 * the execute process has written the final status and removed the folder. When it dies before that, another one is started
 * that goes on.
 *
 * <p>The steps are made by one thread, which an interruption makes leave: what runs goes on, what is not started goes back to
 * its queue. {@link #withdraw} and {@link #abort} are for other threads.
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
    private volatile LaunchRecord record;

    private @Nullable Thread starting;
    private @Nullable Execution current;
    private boolean withdrawn;
    private boolean aborted;
    private volatile boolean over;

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

    /** What is written down of it. */
    LaunchRecord record() {
        return record;
    }

    /** Whether nothing of it is left here, though it was interrupted. */
    boolean isOver() {
        return over;
    }

    /**
     * Start it, and follow it to its end.
     *
     * @param take what was written down when it was taken, which is over once it has a record of its own
     */
    Result run(Take take) throws InterruptedException {
        Execution execution;
        try {
            mayBeWithdrawn();
            bringToEnd(); // an earlier execution of the task may not be over on this machine
            Optional<Container> container = container();
            if (container.isEmpty()) {
                forget(take);
                return Result.ENDED;
            }
            record.write(site.executions()); // from here on the next daemon reckons with an execute process
            site.takes().end(take);
            execution = site.launcher().start(record.task(), container.get(), Output.FILE, site.variables(record));
        } catch (AgentException e) {
            if (Thread.interrupted()) {
                leave(take);
                throw new InterruptedException("stopped before the execution was started");
            }
            return notLaunched(take, e);
        } catch (InterruptedException e) {
            leave(take);
            throw e;
        }
        follow(execution, LogTail.From.BEGINNING);
        return settle(Place.BACK);
    }

    /** Empty when the task was deleted. */
    private Optional<Container> container() {
        try {
            return Optional.of(site.server().tasks().get(record.task()).container());
        } catch (AgentException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            site.say("task '" + record.task() + "' is not run: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * What is wrong with the task itself, such as an image that does not exist, ends it; it would fail everywhere, and again.
     * What is wrong here puts it to the back of its queue, where another worker may take it.
     */
    private Result notLaunched(Take take, AgentException failure) throws InterruptedException {
        return switch (failure.code().kind()) {
            case USER -> {
                site.say("task '" + record.task() + "' fails, it cannot be launched: " + failure.getMessage());
                new GivingUp(site, record, pace).failLaunch("could not be launched: " + failure.getMessage());
                forget(take);
                yield Result.ENDED;
            }
            case ENVIRONMENT, REMOTE, INTERNAL -> refused(take, failure.getMessage());
        };
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

    /** Clear up a take that nobody knows the end of: the task is in its queue again, unless it has come further. */
    Result settle(Take take) throws InterruptedException {
        mayBeWithdrawn();
        try {
            TimeUnit.NANOSECONDS.sleep(2 * site.patience().toNanos()); // the server may be at the request still
            bringToEnd();
            boolean hasRecord = LaunchRecord.read(folder)
                    .filter(found -> found.take().equals(take.id()))
                    .isPresent();
            if (!hasRecord && back().isDue()) {
                site.say("task '" + record.task() + "' was not started and goes back to its queue");
                putBack(take, Place.FRONT);
            }
            site.takes().end(take);
            return Result.ENDED;
        } catch (InterruptedException e) {
            over = true;
            throw e;
        }
    }

    /** Give it back to its queue, if it is not started yet. */
    synchronized void withdraw() {
        Thread thread = starting;
        if (thread != null) {
            withdrawn = true;
            thread.interrupt();
        }
    }

    /** End it: its task has the grace that an aborted task has. */
    synchronized void abort() {
        aborted = true;
        withdraw();
        stopIfAborted();
    }

    /** From here on, up to the moment when it is started. */
    private synchronized void mayBeWithdrawn() {
        starting = Thread.currentThread();
    }

    private synchronized void started(Execution execution) {
        current = execution;
        starting = null;
        if (withdrawn) {
            Thread.interrupted(); // too late for that
        }
        stopIfAborted();
    }

    private void stopIfAborted() {
        Execution execution = current;
        if (aborted && execution != null) {
            try {
                execution.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
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
        started(execution);
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
                new GivingUp(site, record, pace).make(hopeless.get());
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
        if (back().isDue()) {
            site.say("task '" + record.task() + "' was not started and goes back to its queue");
            back().make(place);
            return Result.REFUSED;
        }
        record.remove(site.executions());
        return Result.ENDED;
    }

    private Result refused(Take take, String why) throws InterruptedException {
        site.say("task '" + record.task() + "' cannot be started and goes back to its queue: " + why);
        putBack(take, Place.BACK);
        return Result.REFUSED;
    }

    private void putBack(Take take, Place place) throws InterruptedException {
        try {
            back().make(place);
        } catch (InterruptedException e) {
            over = true; // what is written down tells the next daemon
            throw e;
        }
        site.takes().end(take);
    }

    /** The daemon ends, so one try must do; after a failure what is written down tells the next daemon. */
    private void leave(Take take) {
        over = true;
        site.say("task '" + record.task() + "' is not started any more and goes back to its queue");
        if (back().tried(Place.FRONT)) {
            site.takes().end(take);
        } else {
            site.say("the server does not answer; the next daemon on this machine gives the task back");
        }
    }

    private void forget(Take take) {
        back().removeRecord();
        site.takes().end(take);
    }

    private QueueReturn back() {
        return new QueueReturn(site, record, pace);
    }
}
