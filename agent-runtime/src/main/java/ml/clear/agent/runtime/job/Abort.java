// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A request to end a task, made at most once: the first reason is kept. Safe for several threads. */
final class Abort {

    private final Duration patience;
    private @Nullable AbortReason reason;
    private @Nullable Thread step;
    private String trouble = "";

    /**
     * Nothing is requested yet.
     *
     * @param patience how long a step that was interrupted may take to end
     */
    Abort(Duration patience) {
        this.patience = patience;
    }

    /** Request the abort; the current step is interrupted. */
    synchronized void request(AbortReason why) {
        if (reason != null) {
            return;
        }
        reason = why;
        notifyAll();
        Thread running = step;
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * The process is shutting down: because of a signal, or because the step under way, such as a plugin, ends it. Called in
     * the thread of a shutdown hook.
     */
    void requestAtShutdown() {
        Optional<String> culprit = Thread.getAllStackTraces().values().stream()
                .flatMap(stack -> callerOfExit(stack).stream())
                .findFirst();
        synchronized (this) {
            if (culprit.isPresent() && reason == null) {
                trouble = "the process is ended by " + culprit.get();
            }
            request(culprit.isPresent() ? AbortReason.PROCESS_ENDING : AbortReason.SIGNAL);
        }
    }

    /** Why, once it was asked for. */
    synchronized Optional<AbortReason> reason() {
        return Optional.ofNullable(reason);
    }

    /** Whether it was asked for by a signal, or the process ends for another reason. */
    boolean isUrgent() {
        return reason().filter(AbortReason::isUrgent).isPresent();
    }

    /** Which step did not end after its interruption, or ended the process; empty when none did. */
    synchronized String trouble() {
        return trouble;
    }

    /** Wait until it is asked for, at most this long; whether it was. */
    synchronized boolean await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        while (reason == null && left > 0) {
            wait(Math.max(1, left / 1_000_000));
            left = deadline - System.nanoTime();
        }
        return reason != null;
    }

    /**
     * Run a step that an abort interrupts, in a separate thread. A step that ignores the interruption is abandoned, and
     * {@link #trouble()} reports where it hangs.
     *
     * @throws InterruptedException when it was interrupted, by an abort or otherwise
     */
    <T> T interrupting(Step<T> work) throws InterruptedException {
        FutureTask<T> future = new FutureTask<>(work::run) {
            @Override
            protected void done() {
                synchronized (Abort.this) {
                    Abort.this.notifyAll();
                }
            }
        };
        Thread thread = Thread.ofPlatform().daemon().name("task preparation").unstarted(future);
        begin(thread);
        thread.start();
        try {
            awaitEnd(future, thread);
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case InterruptedException interruption -> throw interruption;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            end();
        }
    }

    private synchronized void begin(Thread thread) throws InterruptedException {
        if (reason != null) {
            throw new InterruptedException("aborted before it began");
        }
        step = thread;
    }

    private synchronized void end() {
        step = null;
    }

    private synchronized void awaitEnd(FutureTask<?> future, Thread thread) throws InterruptedException {
        long deadline = 0;
        try {
            while (!future.isDone()) {
                if (reason != null) {
                    deadline = deadline == 0 ? System.nanoTime() + patience.toNanos() : deadline;
                    leaveWhenOver(deadline - System.nanoTime(), thread);
                }
                wait(reason == null ? 0 : Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            thread.interrupt(); // once more, should it have been this thread's own interruption
            throw e;
        }
    }

    private void leaveWhenOver(long left, Thread thread) throws InterruptedException {
        if (left > 0 && reason != AbortReason.PROCESS_ENDING) {
            return;
        }
        if (trouble.isEmpty()) {
            trouble = "the preparation of the task did not stop within " + patience.toSeconds() + " s, it is in "
                    + place(thread.getStackTrace());
        }
        throw new InterruptedException(trouble);
    }

    /** The code that called {@code System.exit} in this stack, if any did. */
    private static Optional<String> callerOfExit(StackTraceElement[] stack) {
        boolean exits = Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
        return exits ? Optional.of(place(stack)) : Optional.empty();
    }

    /** The innermost code that is not the JDK's. */
    private static String place(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk."))
                .findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + " (" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .orElse("code of the Java runtime");
    }

    /**
     * What an abort interrupts.
     *
     * @param <T> what it gives
     */
    @FunctionalInterface
    interface Step<T> {

        /** Do it. */
        T run() throws InterruptedException;
    }
}
