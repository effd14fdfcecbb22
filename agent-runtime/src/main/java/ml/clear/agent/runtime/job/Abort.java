// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.time.Duration;
import java.util.Optional;
import ml.clear.agent.runtime.lifecycle.Phases.Step;
import org.jspecify.annotations.Nullable;

/** A request to end a task, made at most once: the first reason stays. Safe for several threads. */
final class Abort {

    private @Nullable AbortReason reason;
    private @Nullable Thread interruptible;

    /** Ask for the end; whoever prepares the task is interrupted. */
    synchronized void request(AbortReason why) {
        if (reason != null) {
            return;
        }
        reason = why;
        notifyAll();
        Thread preparing = interruptible;
        if (preparing != null) {
            preparing.interrupt();
        }
    }

    /** Why, once it was asked for. */
    synchronized Optional<AbortReason> reason() {
        return Optional.ofNullable(reason);
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
     * Do something that an abort interrupts.
     *
     * @throws InterruptedException when it was interrupted, by an abort or otherwise
     */
    <T> T interrupting(Step<T> step) throws InterruptedException {
        begin();
        try {
            return step.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() throws InterruptedException {
        if (reason != null) {
            throw new InterruptedException("aborted before it began");
        }
        interruptible = Thread.currentThread();
    }

    /** An interrupt that came at the last moment must not hit what follows. */
    private synchronized void end() {
        interruptible = null;
        if (reason != null) {
            Thread.interrupted();
        }
    }
}
