// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;

/**
 * Objects in any store. The backend of a scheme is made when the first address with it is used, and no class of its plugin is
 * loaded before. Safe for several threads; every method blocks, and ends when its thread is interrupted.
 */
public final class Storage implements StorageAccess {

    private final Function<String, StorageBackend> backends;
    private final Retries retries;
    private final DirectAccess directAccess;
    private final FileLocks locks;
    private final DownloadCache cache;

    /**
     * Storage.
     *
     * @param backends the backend of a scheme
     * @param stateFolder holds the locks of transfers
     */
    public Storage(Function<String, StorageBackend> backends, Settings settings, Path stateFolder) {
        this(backends, settings, stateFolder, StorageSettings.retries(settings));
    }

    Storage(Function<String, StorageBackend> backends, Settings settings, Path stateFolder, Retries retries) {
        this(
                backends,
                retries,
                StorageSettings.directAccess(settings),
                new FileLocks(stateFolder.resolve("storage")),
                DownloadCache.of(settings));
    }

    private Storage(
            Function<String, StorageBackend> backends,
            Retries retries,
            DirectAccess directAccess,
            FileLocks locks,
            DownloadCache cache) {
        this.backends = backends;
        this.retries = retries;
        this.directAccess = directAccess;
        this.locks = locks;
        this.cache = cache;
    }

    /**
     * Read an address that a user wrote; a path without scheme is a file.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID} when it is none
     */
    public static StorageAddress address(String text) {
        try {
            return text.contains("://")
                    ? StorageAddress.parse(text)
                    : StorageAddress.parse(
                            "file://" + Path.of(text).toAbsolutePath().normalize());
        } catch (IllegalArgumentException e) {
            throw new AgentException(ErrorCode.COMMAND_LINE_INVALID, e.getMessage() + "; correct the address", e);
        }
    }

    /** The same stores with few retries, of which no operator learns: for what can do without them, and reports that itself. */
    public Storage retryingQuietly(long times, Duration firstWait) {
        Retries few = new Retries(times, firstWait, retries.pause(), System.Logger.Level.DEBUG);
        return new Storage(backends, few, directAccess, locks, cache);
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        return retries.run("'" + object + "'", () -> backend(object).stat(object));
    }

    /** Whether the store of an address can do something. */
    public boolean can(StorageAddress place, StorageCapability capability) {
        return backend(place).capabilities(place).contains(capability);
    }

    /** How transfers at an address are divided. */
    TransferLimits limits(StorageAddress place) {
        return backend(place).limits(place);
    }

    @Override
    public ObjectPage list(ObjectListing listing) throws InterruptedException {
        return retries.run(
                "'" + listing.folder() + "'", () -> backend(listing.folder()).list(listing));
    }

    /** All pages of a listing, one after the other. */
    public void list(ObjectListing listing, PageConsumer consumer) throws InterruptedException {
        ObjectPage page = list(listing);
        consumer.accept(page);
        while (!page.continuation().isEmpty()) {
            page = list(listing.after(page));
            consumer.accept(page);
        }
    }

    /** Takes pages of a listing. */
    @FunctionalInterface
    public interface PageConsumer {

        /** A page. */
        void accept(ObjectPage page) throws InterruptedException;
    }

    /** Store a file. */
    public StoredObject store(Path file, StorageAddress target, WriteCondition condition, TransferProgress progress)
            throws InterruptedException {
        try {
            return new Upload(backend(target), target, condition, retries).file(file, progress);
        } catch (IOException e) {
            throw unreadable("'" + file + "'", e);
        }
    }

    /** Store the bytes of a stream of any length; the caller closes it. */
    public StoredObject store(
            InputStream content, StorageAddress target, WriteCondition condition, TransferProgress progress)
            throws InterruptedException {
        try {
            return new Upload(backend(target), target, condition, retries).stream(content, progress);
        } catch (IOException e) {
            throw unreadable("the content of '" + target + "'", e);
        }
    }

    /** Fetch an object into a file, which appears whole and verified, or not at all; folders are made. */
    public StoredObject fetch(StorageAddress source, Path target, TransferProgress progress)
            throws InterruptedException {
        try {
            Files.createDirectories(
                    Objects.requireNonNull(target.toAbsolutePath().getParent()));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot make the folder of '" + target + "': " + e.getMessage(), e);
        }
        return new Download(backend(source), source, retries, locks).to(target, progress);
    }

    /** Write an object to a stream, from its first byte to its last. */
    public void copyTo(StorageAddress source, OutputStream out, TransferProgress progress) throws InterruptedException {
        long[] done = {0};
        String[] tag = {""};
        byte[] buffer = new byte[1 << 17];
        retries.perform("'" + source + "'", () -> {
            try (ObjectContent content = backend(source).read(source, ByteRange.from(done[0]))) {
                requireSame(source, tag, content.object());
                for (int read = content.stream().read(buffer);
                        read >= 0;
                        read = content.stream().read(buffer)) {
                    out.write(buffer, 0, read);
                    done[0] += read;
                    progress.moved(done[0], content.object().size());
                }
            }
        });
    }

    private static void requireSame(StorageAddress source, String[] tag, StoredObject found) {
        if (!tag[0].isEmpty() && !tag[0].equals(found.entityTag())) {
            throw new AgentException(
                    ErrorCode.CONFLICT, "'" + source + "' was replaced while it was read; read it again");
        }
        tag[0] = found.entityTag();
    }

    /** Copy an object, within its store where that is possible. */
    public StoredObject copy(
            StorageAddress source, StorageAddress target, WriteCondition condition, TransferProgress progress)
            throws InterruptedException {
        StorageBackend backend = backend(source);
        if (backend.equals(backend(target))) {
            Optional<StoredObject> copied =
                    retries.run("'" + source + "'", () -> backend.copy(source, target, condition));
            if (copied.isPresent()) {
                return copied.get();
            }
        }
        return copyThroughThisMachine(source, target, condition, progress);
    }

    private StoredObject copyThroughThisMachine(
            StorageAddress source, StorageAddress target, WriteCondition condition, TransferProgress progress)
            throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("clearml-agent-");
            try {
                Path file = folder.resolve("copy");
                fetch(source, file, progress);
                return store(file, target, condition, progress);
            } finally {
                Files.deleteIfExists(folder.resolve("copy"));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot keep '" + source + "' while it is copied: " + e.getMessage(), e);
        }
    }

    /** Delete an object; nothing happens when there is none. */
    public void delete(StorageAddress object) throws InterruptedException {
        retries.perform("'" + object + "'", () -> backend(object).delete(object));
    }

    @Override
    public Path localFile(StorageAddress object, Path folder, TransferProgress progress) throws InterruptedException {
        Optional<Path> inPlace = directAccess.of(object);
        if (inPlace.isPresent()) {
            if (!Files.isReadable(inPlace.get())) {
                throw new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address");
            }
            return inPlace.get();
        }
        StoredObject facts = stat(object)
                .orElseThrow(() ->
                        new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address"));
        return cache.provide(facts, folder, target -> fetch(object, target, progress));
    }

    private StorageBackend backend(StorageAddress address) {
        return backends.apply(address.scheme());
    }

    private static AgentException unreadable(String what, IOException e) {
        return new AgentException(ErrorCode.FILE_SYSTEM, what + " cannot be read: " + e.getMessage(), e);
    }
}
