// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.WheelFile;

/** A wheel that is unpacked into an environment by a thread of its own, while a program installs another package there. */
final class Unpacking implements AutoCloseable {

    private static final Executor THREADS =
            task -> Thread.ofPlatform().name("wheel-unpack").daemon().start(task);

    private final CompletableFuture<?> done;

    private Unpacking(CompletableFuture<?> done) {
        this.done = done;
    }

    /** Start; without a wheel there is nothing to wait for. */
    static Unpacking start(Optional<WheelFile> wheel, VirtualEnvironment environment) {
        return new Unpacking(wheel.<CompletableFuture<?>>map(
                        one -> CompletableFuture.runAsync(() -> one.install(environment), THREADS))
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /**
     * Wait until it is unpacked.
     *
     * @throws AgentException what {@link WheelFile#install} throws
     */
    void await() throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AgentException failure) {
                throw failure;
            }
            throw new IllegalStateException("unpacking a wheel failed", e);
        }
    }

    /** Waits for its end in any case, so that the caller can delete the environment. */
    @Override
    public void close() {
        done.handle((_, _) -> null).join();
    }
}
