// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.runtime.storage.Storage;

/** An archive in a store, as one task sees it. Used by one thread, and then by one that publishes. */
final class RemoteArchive implements SharedArchive {

    private static final System.Logger LOG = System.getLogger(RemoteArchive.class.getName());
    private static final String FILE = "archive.zip";
    private static final double MEBIBYTE = 1 << 20;

    private final RemoteEnvironments remote;
    private final Storage storage;
    private final RemoteNames names;
    private final EnvironmentKey key;
    private volatile State state = State.NOT_ASKED;
    private volatile String damagedTag = "";

    RemoteArchive(RemoteEnvironments remote, Storage storage, RemoteNames names, EnvironmentKey key) {
        this.remote = remote;
        this.storage = storage;
        this.names = names;
        this.key = key;
    }

    private enum State {
        NOT_ASKED,
        ABSENT,
        PRESENT,
        /** It is to be replaced, if it is still the same. */
        DAMAGED,
        /** The store cannot be used; the reason was given. */
        UNAVAILABLE
    }

    @Override
    public Optional<PythonEnvironment> restore(
            EnvironmentCache cache, EnvironmentPlan plan, Path folder, Console console) throws InterruptedException {
        String reason;
        try {
            Optional<StoredObject> found = remote.stat(storage, names.archive(key));
            if (found.isEmpty()) {
                state = State.ABSENT;
                return Optional.empty();
            }
            state = State.PRESENT;
            damagedTag = found.get().entityTag();
            console.line(String.format(
                    Locale.ROOT,
                    "Fetching the environment from '%s' (%.1f MiB)",
                    names.place(),
                    found.get().size() / MEBIBYTE));
            ArchiveIndex index = fetch(cache, folder);
            Optional<PythonEnvironment> restored = plan.restore(folder, index.builtAt());
            if (restored.isPresent() && complete(index, folder)) {
                remote.inBackground(this::recordUse);
                return restored;
            }
            reason = "the package manager does not accept it";
        } catch (DamagedArchive e) {
            state = State.DAMAGED;
            reason = "it is damaged, " + e.getMessage();
        } catch (AgentException e) {
            state = switch (e.code()) {
                case DAMAGED -> State.DAMAGED;
                case NOT_FOUND -> State.ABSENT; // evicted at this moment
                default -> State.UNAVAILABLE;
            };
            reason = String.valueOf(e.getMessage());
        } catch (IOException | RuntimeException e) { // whatever fails here, the environment can be built
            state = State.UNAVAILABLE;
            reason = String.valueOf(e.getMessage());
        }
        console.line("The environment in '" + names.place() + "' cannot be used and is built here: " + reason);
        remove(folder, console);
        return Optional.empty();
    }

    private ArchiveIndex fetch(EnvironmentCache cache, Path folder) throws IOException, InterruptedException {
        return cache.staging().use(beside -> {
            Path file = beside.resolve(FILE);
            storage.fetch(names.archive(key), file, TransferProgress.NONE);
            return ArchiveReader.unpack(file, folder, remote.threads());
        });
    }

    /** Whether the package manager has made the links again that the archive does not hold. */
    private static boolean complete(ArchiveIndex index, Path folder) {
        return index.outside().stream().allMatch(link -> Files.exists(folder.resolve(link), LinkOption.NOFOLLOW_LINKS));
    }

    private static void remove(Path folder, Console console) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            console.line("Cannot remove '" + folder + "': " + e.getMessage());
        }
    }

    /** The time of the object is that of the last use, by the clock of the store. */
    private void recordUse() throws InterruptedException {
        try {
            storage.store(
                    new ByteArrayInputStream(new byte[0]), names.use(key), WriteCondition.NONE, TransferProgress.NONE);
        } catch (AgentException e) { // the machine may only read
            LOG.log(DEBUG, "cannot record the use of ''{0}'': {1}", names.archive(key), e.getMessage());
        }
    }

    @Override
    public void publish(EnvironmentCache cache, EnvironmentKey copy) {
        PublicationMark mark = cache.publicationMark(copy, names.archive(key).text());
        if (mark.due()) {
            switch (state) {
                case UNAVAILABLE -> mark.failed();
                case PRESENT -> mark.stored();
                case NOT_ASKED, ABSENT, DAMAGED -> remote.inBackground(() -> publish(cache, copy, mark));
            }
        }
    }

    private void publish(EnvironmentCache cache, EnvironmentKey copy, PublicationMark mark)
            throws InterruptedException {
        try {
            boolean stored = state == State.NOT_ASKED
                    && remote.stat(storage, names.archive(key)).isPresent();
            if (!stored) {
                long size = store(cache, copy);
                LOG.log(INFO, "stored the environment as ''{0}'' ({1} bytes)", names.archive(key), size);
                remote.makeRoom(storage, key);
            }
            mark.stored();
        } catch (AgentException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                mark.stored(); // another machine was faster
                return;
            }
            failed(mark, e);
        } catch (IOException | RuntimeException e) {
            failed(mark, e);
        }
    }

    private long store(EnvironmentCache cache, EnvironmentKey copy) throws IOException, InterruptedException {
        return cache.staging().use(beside -> {
            Path file = beside.resolve(FILE);
            cache.archive(copy, file);
            return storage.store(file, names.archive(key), condition(), TransferProgress.NONE)
                    .size();
        });
    }

    private WriteCondition condition() {
        StorageAddress archive = names.archive(key);
        if (!storage.can(archive, StorageCapability.CONDITIONS)) {
            return WriteCondition.NONE; // the last of several machines wins, with an equal environment
        }
        boolean replacing = state == State.DAMAGED && !damagedTag.isEmpty();
        return replacing ? new WriteCondition.Matches(damagedTag) : WriteCondition.ABSENT;
    }

    private void failed(PublicationMark mark, Exception e) {
        LOG.log(
                WARNING,
                "the environment is not stored in ''{0}'' for other machines: {1}",
                names.place(),
                String.valueOf(e.getMessage()));
        mark.failed();
    }
}
