// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * Gives each task its own environment: a copy from the cache when an equal one was built before, else a new one, of
 * which the cache keeps a copy.
 *
 * <p>Agents that share a cache build equal environments once: the others wait and copy. A cache that cannot be read or
 * written costs time, never a task. Safe for several threads; make one for a process.
 */
public final class EnvironmentStore {

    private final EnvironmentSettings settings;
    private final CommandRunner commands;
    private final Optional<EnvironmentCache> cache;
    private final Archives archives;

    /** Finds the archive of a plan's environment. */
    @FunctionalInterface
    private interface Archives {
        SharedArchive of(EnvironmentPlan plan) throws InterruptedException;
    }

    /** A store with the cache of these settings, which shares nothing with other machines. */
    public EnvironmentStore(EnvironmentSettings settings, CommandRunner commands, InstantSource clock) {
        this(settings, commands, clock, _ -> SharedArchive.NONE);
    }

    /** A store with the cache of these settings, and environments of other machines. */
    public EnvironmentStore(
            EnvironmentSettings settings, CommandRunner commands, InstantSource clock, RemoteEnvironments remote) {
        this(settings, commands, clock, remote::archive);
    }

    private EnvironmentStore(
            EnvironmentSettings settings, CommandRunner commands, InstantSource clock, Archives archives) {
        this.settings = settings;
        this.commands = commands;
        this.archives = archives;
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
        this.cache = settings.caching()
                ? Optional.of(new EnvironmentCache(settings, new TreeCopy(threads, settings.hardLinks()), clock))
                : Optional.empty();
    }

    /**
     * Prepare the environment of a task.
     *
     * @param folder absolute; must not exist or be empty. The caller deletes it after the task; when this method fails,
     *     the folder is deleted already
     * @throws AgentException as {@link PackageManager#plan} and {@link EnvironmentPlan#build} say
     * @throws InterruptedException when interrupted; nothing is left, neither files nor processes
     */
    public PreparedEnvironment prepare(PackageManager manager, EnvironmentRequest request, Path folder)
            throws InterruptedException {
        EnvironmentPlan plan = manager.plan(request);
        boolean done = false;
        try {
            PreparedEnvironment prepared = cache.isPresent() && plan.cacheable()
                    ? cached(cache.get(), plan, folder, request.console())
                    : fresh(plan, folder);
            done = true;
            return prepared;
        } finally {
            if (!done) {
                remove(folder, request.console());
            }
        }
    }

    private static PreparedEnvironment fresh(EnvironmentPlan plan, Path folder) throws InterruptedException {
        return new PreparedEnvironment(plan.build(folder), false, () -> {});
    }

    private PreparedEnvironment cached(EnvironmentCache store, EnvironmentPlan plan, Path folder, Console console)
            throws InterruptedException {
        EnvironmentKey key = EnvironmentKey.of(plan.identity());
        Optional<FileLocks.Held> lock = lock(store, key, console);
        if (lock.isEmpty()) {
            return fresh(plan, folder);
        }
        try (FileLocks.Held _ = lock.get()) {
            SharedArchive archive = archives.of(plan);
            Optional<PythonEnvironment> restored = restored(store, key, plan, folder, console);
            if (restored.isPresent()) {
                return compiling(store, key, restored.get(), true, archive);
            }
            Optional<PythonEnvironment> fetched = archive.restore(store, plan, folder, console);
            PythonEnvironment ready =
                    fetched.isPresent() ? fetched.get() : updatedOrBuilt(store, plan, folder, console);
            return publish(store, key, plan, folder, console)
                    ? compiling(store, key, ready, fetched.isPresent(), archive)
                    : new PreparedEnvironment(ready, fetched.isPresent(), () -> {});
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot release the lock of the environment cache in '" + settings.cache() + "': " + e.getMessage(),
                    e);
        }
    }

    private PythonEnvironment updatedOrBuilt(EnvironmentCache store, EnvironmentPlan plan, Path folder, Console console)
            throws InterruptedException {
        Optional<PythonEnvironment> updated =
                settings.updating() ? updated(store, plan, folder, console) : Optional.empty();
        return updated.isPresent() ? updated.get() : plan.build(folder);
    }

    private PreparedEnvironment compiling(
            EnvironmentCache store,
            EnvironmentKey key,
            PythonEnvironment environment,
            boolean fromCache,
            SharedArchive archive) {
        return new PreparedEnvironment(
                environment,
                fromCache,
                ModuleCompilation.start(environment, store.copy(key), commands, () -> archive.publish(store, key)));
    }

    private Optional<FileLocks.Held> lock(EnvironmentCache store, EnvironmentKey key, Console console)
            throws InterruptedException {
        try {
            store.staging().sweep();
            Runnable waiting = () -> console.line("Waiting for another task that prepares the same environment");
            Optional<FileLocks.Held> held = settings.lockTimeout().isEmpty()
                    ? Optional.of(store.locks().take(key.value(), waiting))
                    : store.locks().take(key.value(), settings.lockTimeout().getFirst(), waiting);
            if (held.isEmpty()) {
                console.line("The other task takes too long; building without the cache");
            }
            return held;
        } catch (IOException e) {
            console.line("The environment cache in '" + settings.cache() + "' cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<PythonEnvironment> restored(
            EnvironmentCache store, EnvironmentKey key, EnvironmentPlan plan, Path folder, Console console)
            throws InterruptedException {
        String reason;
        try {
            Optional<Path> builtAt = store.restore(key, folder);
            if (builtAt.isEmpty()) {
                return Optional.empty();
            }
            Optional<PythonEnvironment> restored = plan.restore(folder, builtAt.get());
            if (restored.isPresent()) {
                console.line("Using the environment from the cache");
                return restored;
            }
            reason = "the package manager does not accept it";
        } catch (IOException | RuntimeException e) { // a copy that fails in any way is replaced by a new environment
            reason = String.valueOf(e.getMessage());
        }
        console.line("The cached environment cannot be used and is rebuilt: " + reason);
        remove(folder, console);
        return Optional.empty();
    }

    /** Made from a copy of the nearest environment, whose package manager does the rest. */
    private static Optional<PythonEnvironment> updated(
            EnvironmentCache store, EnvironmentPlan plan, Path folder, Console console) throws InterruptedException {
        String reason;
        try {
            Optional<Path> builtAt = store.restoreNearest(plan.identity(), plan.updatable(), folder);
            if (builtAt.isEmpty()) {
                return Optional.empty();
            }
            console.line("Updating the nearest environment from the cache");
            Optional<PythonEnvironment> updated = plan.update(folder, builtAt.get());
            if (updated.isPresent()) {
                return updated;
            }
            reason = "the package manager does not accept it";
        } catch (IOException | RuntimeException e) { // a new environment needs no other
            reason = String.valueOf(e.getMessage());
        }
        console.line("The nearest environment cannot be updated, so a new one is built: " + reason);
        remove(folder, console);
        return Optional.empty();
    }

    private boolean publish(
            EnvironmentCache store, EnvironmentKey key, EnvironmentPlan plan, Path folder, Console console)
            throws InterruptedException {
        try {
            EnvironmentCache.Kept kept = store.publish(key, plan.identity(), folder);
            if (kept == EnvironmentCache.Kept.DISK_FULL) {
                console.line("The environment is not kept for later tasks: the disk of '" + settings.cache()
                        + "' has less free space than agent.venvs_cache.free_space_threshold_gb asks for");
            }
            return kept == EnvironmentCache.Kept.YES;
        } catch (IOException e) {
            console.line("The environment is not kept for later tasks: " + e.getMessage());
            return false;
        }
    }

    private static void remove(Path folder, Console console) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            console.line("Cannot remove '" + folder + "': " + e.getMessage());
        }
    }
}
