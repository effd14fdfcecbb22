// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;

/**
 * Files of this machine, or of a file system that it has mounted. A file is written beside its place and moved there. That
 * nothing is replaced is ensured by the file system, for all machines that share it; that a file is the one that was seen, by
 * a lock among the agents of this user.
 */
final class FileStorage implements StorageBackend {

    private static final int BUFFER = 1 << 17;

    private final FileLocks locks;

    /** @param stateFolder holds the locks */
    FileStorage(Path stateFolder) {
        locks = new FileLocks(stateFolder.resolve("locks"));
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return EnumSet.allOf(StorageCapability.class);
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) {
        Path file = FileAddresses.path(object);
        try {
            return Files.isRegularFile(file) ? Optional.of(FileAddresses.describe(object, file)) : Optional.empty();
        } catch (IOException e) {
            throw FileFailure.of("read", object, e);
        }
    }

    @Override
    public ObjectPage list(ObjectListing listing) {
        try {
            return new FolderPage(listing).read();
        } catch (IOException e) {
            throw FileFailure.of("list", listing.folder(), e);
        }
    }

    @Override
    @SuppressWarnings("resource") // closing the stream closes the channel
    public ObjectContent read(StorageAddress object, ByteRange range) {
        Path file = FileAddresses.path(object);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                if (Files.isDirectory(file)) {
                    throw new AgentException(
                            ErrorCode.NOT_FOUND, "'" + object + "' is a folder, not an object; name a file in it");
                }
                StoredObject facts = FileAddresses.describe(object, file);
                channel.position(Math.min(range.first(), channel.size()));
                InputStream stream = Channels.newInputStream(channel);
                return new ObjectContent(facts, range.length() < 0 ? stream : new Part(stream, range.length()));
            } catch (IOException | AgentException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.of("read", object, e);
        }
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        return publish(target, condition, beside -> {
            try (InputStream in = content.open();
                    OutputStream out = Files.newOutputStream(beside)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                }
            }
        });
    }

    @Override
    public Optional<StoredObject> copy(StorageAddress source, StorageAddress target, WriteCondition condition)
            throws InterruptedException {
        Path file = FileAddresses.path(source);
        return Optional.of(
                publish(target, condition, beside -> Files.copy(file, beside, StandardCopyOption.REPLACE_EXISTING)));
    }

    @Override
    public void delete(StorageAddress object) {
        Path file = FileAddresses.path(object);
        try {
            if (!Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw FileFailure.of("delete", object, e);
        }
    }

    @Override
    public void close() {}

    private StoredObject publish(StorageAddress target, WriteCondition condition, Writing writing)
            throws InterruptedException {
        Path file = FileAddresses.path(target);
        try {
            Path folder = Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Path beside = Files.createTempFile(folder, FileAddresses.BESIDE, FileAddresses.BESIDE_END);
            try {
                writing.write(beside);
                // made for its owner alone, as temporary files are; what is stored has the usual permissions
                FileAddresses.applyUsualPermissions(beside, folder);
                return put(beside, file, target, condition);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while writing '" + target + "'");
            }
            throw FileFailure.of("write", target, e);
        }
    }

    private StoredObject put(Path beside, Path file, StorageAddress target, WriteCondition condition)
            throws IOException, InterruptedException {
        switch (condition) {
            case WriteCondition.Always _ -> move(beside, file, target);
            case WriteCondition.Absent _ -> {
                try {
                    Files.createLink(file, beside);
                } catch (FileAlreadyExistsException e) {
                    throw FileFailure.conflict(target, "exists already", e);
                }
            }
            case WriteCondition.Matches(String seen) -> {
                String name = Integer.toHexString(file.hashCode());
                try (FileLocks.Held _ = locks.take(name, () -> {})) {
                    if (!stat(target)
                            .map(StoredObject::entityTag)
                            .filter(seen::equals)
                            .isPresent()) {
                        throw FileFailure.conflict(target, "is not the one that was seen", null);
                    }
                    move(beside, file, target);
                }
            }
        }
        return FileAddresses.describe(target, file);
    }

    private static void move(Path beside, Path file, StorageAddress target) throws IOException {
        if (Files.isDirectory(file)) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED, "'" + target + "' is a folder; name a file in it, or remove the folder");
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Fills a new file. */
    @FunctionalInterface
    private interface Writing {
        void write(Path beside) throws IOException;
    }

    /** The first bytes of a stream. */
    private static final class Part extends FilterInputStream {

        private long left;

        Part(InputStream whole, long length) {
            super(whole);
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = super.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(Math.min(count, left));
            left -= skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
