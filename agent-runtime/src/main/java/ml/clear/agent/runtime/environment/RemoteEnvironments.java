// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.runtime.storage.Storage;

/**
 * Environments that machines share through a store: one machine builds and stores, the others fetch. What fails here costs time,
 * never a task. Owns the threads that store environments while tasks run. Safe for several threads.
 */
public final class RemoteEnvironments implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RemoteEnvironments.class.getName());

    /** A task waits no longer than this to learn whether the store has its environment. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final Storage storage;
    private final RemoteSettings settings;
    private final RemoteNames names;
    private final int threads;
    private final List<Thread> background = new CopyOnWriteArrayList<>();

    /** Those in a store, of which no class is loaded yet. */
    public RemoteEnvironments(Storage storage, RemoteSettings settings) {
        this.storage = storage.retryingQuietly(2, FIRST_WAIT);
        this.settings = settings;
        this.names = new RemoteNames(settings.place());
        this.threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
    }

    /** The archive of a plan's environment; asks nothing. */
    SharedArchive archive(EnvironmentPlan plan) throws InterruptedException {
        return plan.portableIdentity()
                .<SharedArchive>map(identity -> new RemoteArchive(this, storage, names, EnvironmentKey.of(identity)))
                .orElse(SharedArchive.NONE);
    }

    /** How many threads unpack. */
    int threads() {
        return threads;
    }

    /** What the store says about an object, within a time limit. */
    Optional<StoredObject> stat(Storage from, StorageAddress object) throws InterruptedException {
        FutureTask<Optional<StoredObject>> question = new FutureTask<>(() -> from.stat(object));
        Thread.ofVirtual().name("environment-lookup").start(question);
        try {
            return question.get(LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AgentException(
                    ErrorCode.TIMED_OUT,
                    "'" + names.place() + "' did not answer within " + LONGEST_ANSWER.toSeconds() + " seconds",
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AgentException failure) {
                throw failure;
            }
            throw new IllegalStateException("cannot ask '" + names.place() + "'", e.getCause());
        } finally {
            question.cancel(true);
        }
    }

    /** Keep the archives within their limit. A failure is logged: the archive that was just stored is complete. */
    void makeRoom(Storage in, EnvironmentKey kept) throws InterruptedException {
        try {
            new RemoteEviction(in, names, settings.mostBytes()).makeRoom(kept);
        } catch (AgentException e) {
            LOG.log(WARNING, "cannot remove old environments in ''{0}'': {1}", names.place(), e.getMessage());
        }
    }

    /** Something that ends when it is interrupted. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    void inBackground(Work work) {
        background.add(Thread.ofPlatform().name("environment-store").daemon().start(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                LOG.log(DEBUG, "interrupted: {0}", e.getMessage());
            }
        }));
    }

    /** Wait until environments are stored, as long as the configuration allows; then stop storing. */
    @Override
    public void close() throws InterruptedException {
        long end = System.nanoTime() + settings.longestWait().toNanos();
        try {
            for (Thread thread : background) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (!left.isPositive() || !thread.join(left)) {
                    LOG.log(
                            WARNING,
                            "storing the environment in ''{0}'' takes longer than {1} allows and is given up",
                            names.place(),
                            RemoteSettings.LONGEST_WAIT.key());
                    break;
                }
            }
        } finally {
            background.forEach(Thread::interrupt);
        }
    }
}
