// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Does the parts of one transfer side by side, with an upper limit, each on a virtual thread: a virtual thread that is
 * interrupted leaves any blocking call on a socket at once. The first failure ends the others. For one thread.
 */
final class ConcurrentParts implements AutoCloseable {

    private final ExecutorService threads;
    private final ExecutorCompletionService<Boolean> parts;
    private final int limit;
    private int running;

    /**
     * Parts.
     *
     * @param name what the threads are called after
     * @param limit most parts at once
     */
    ConcurrentParts(String name, int limit) {
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + " ", 1).factory());
        this.parts = new ExecutorCompletionService<>(threads);
        this.limit = limit;
    }

    /** Begin a part as soon as there is room for it. */
    void add(Retries.Action part) throws InterruptedException {
        while (running >= limit) {
            awaitOne();
        }
        parts.submit(() -> {
            part.run();
            return true;
        });
        running++;
    }

    /** Wait for all parts. */
    void await() throws InterruptedException {
        while (running > 0) {
            awaitOne();
        }
    }

    private void awaitOne() throws InterruptedException {
        Future<Boolean> done = parts.take();
        running--;
        try {
            done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case AgentException known -> throw known;
                case InterruptedException interruption -> throw interruption;
                case Error error -> throw error;
                case null, default ->
                    throw new AgentException(ErrorCode.INTERNAL, "a part of a transfer failed: " + e.getCause(), e);
            }
        }
    }

    /** Interrupt the parts that still run, and wait until they have ended. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
