// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;

/**
 * Stores one object: in one request, or in parts side by side when it is large and the store has parts. A part that fails is
 * sent again, not the whole. What the store reports afterwards must agree with what was sent.
 */
final class Upload {

    /** Most memory that the parts of a stream take; the parts of a file take none. */
    private static final long STREAM_MEMORY = 64L << 20;

    private final StorageBackend backend;
    private final StorageAddress target;
    private final WriteCondition condition;
    private final Retries retries;
    private final TransferLimits limits;
    private final String what;

    Upload(StorageBackend backend, StorageAddress target, WriteCondition condition, Retries retries) {
        this.backend = backend;
        this.target = target;
        this.condition = condition;
        this.retries = retries;
        this.limits = backend.limits(target);
        this.what = "'" + target + "'";
    }

    /** Store a file. */
    StoredObject file(Path file, TransferProgress listener) throws IOException, InterruptedException {
        long size = Files.size(file);
        CountedProgress progress = new CountedProgress(listener, size);
        Optional<PartedWrite> parted = size >= limits.threshold() && size > 0 ? begin(size) : Optional.empty();
        StoredObject stored = parted.isEmpty()
                ? whole(FileRegion.of(file, 0, size), progress)
                : inParts(parted.get(), file, size, progress);
        verify(stored, size);
        if (ContentCheck.differs(file, stored)) {
            throw damaged("its checksum differs from that of '" + file + "'");
        }
        return stored;
    }

    /** Store all bytes of a stream, whose number need not be known. */
    StoredObject stream(InputStream content, TransferProgress listener) throws IOException, InterruptedException {
        CountedProgress progress = new CountedProgress(listener, -1);
        byte[] start = content.readNBytes((int) Math.min(limits.threshold(), STREAM_MEMORY / 2));
        boolean small = start.length < limits.threshold() && start.length < STREAM_MEMORY / 2;
        Optional<PartedWrite> parted = small ? Optional.empty() : begin(-1);
        if (parted.isPresent()) {
            return streamInParts(parted.get(), start, content, progress);
        }
        if (small) {
            StoredObject stored = whole(ObjectSource.of(start), progress);
            verify(stored, start.length);
            return stored;
        }
        return spooled(start, content, listener);
    }

    /** A store without parts needs the size first. */
    private StoredObject spooled(byte[] start, InputStream rest, TransferProgress listener)
            throws IOException, InterruptedException {
        Path spool = Files.createTempFile("clearml-agent-", ".upload");
        try {
            try (var out = Files.newOutputStream(spool)) {
                out.write(start);
                rest.transferTo(out);
            }
            return file(spool, listener);
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    private Optional<PartedWrite> begin(long size) throws InterruptedException {
        return retries.run(what, () -> backend.writeInParts(target, size, condition));
    }

    private StoredObject whole(ObjectSource content, CountedProgress progress) throws InterruptedException {
        ObjectSource counted = progress.counted(content);
        return retries.run(what, () -> backend.write(target, counted, condition));
    }

    private StoredObject inParts(PartedWrite write, Path file, long size, CountedProgress progress)
            throws InterruptedException {
        try (write;
                ConcurrentParts parts = new ConcurrentParts("upload", limits.concurrency())) {
            long partSize = write.partSize();
            for (long first = 0; first < size; first += partSize) {
                int number = Math.toIntExact(first / partSize) + 1;
                send(parts, write, number, FileRegion.of(file, first, Math.min(partSize, size - first)), progress);
            }
            parts.await();
            return complete(write);
        }
    }

    private StoredObject streamInParts(PartedWrite write, byte[] start, InputStream rest, CountedProgress progress)
            throws IOException, InterruptedException {
        int partSize = Math.toIntExact(write.partSize());
        int concurrency = Math.clamp(STREAM_MEMORY / partSize - 1, 1, limits.concurrency());
        long size = 0;
        try (write;
                InputStream all = new SequenceInputStream(new ByteArrayInputStream(start), rest);
                ConcurrentParts parts = new ConcurrentParts("upload", concurrency)) {
            int number = 1;
            for (byte[] part = all.readNBytes(partSize); part.length > 0; part = all.readNBytes(partSize)) {
                size += part.length;
                send(parts, write, number++, ObjectSource.of(part), progress);
            }
            parts.await();
            StoredObject stored = complete(write);
            verify(stored, size);
            return stored;
        }
    }

    private void send(
            ConcurrentParts parts, PartedWrite write, int number, ObjectSource content, CountedProgress progress)
            throws InterruptedException {
        ObjectSource counted = progress.counted(content);
        parts.add(() -> retries.perform(what, () -> write.send(number, counted)));
    }

    /** An answer that got lost leaves a complete object, and no parts to complete once more. */
    private StoredObject complete(PartedWrite write) throws InterruptedException {
        boolean[] tried = {false};
        return retries.run(what, () -> {
            try {
                return write.complete();
            } catch (AgentException e) {
                boolean again = tried[0];
                tried[0] = true;
                if (again && e.code() == ErrorCode.NOT_FOUND) {
                    return backend.stat(target).orElseThrow(() -> e);
                }
                throw e;
            }
        });
    }

    private void verify(StoredObject stored, long size) {
        if (stored.size() >= 0 && stored.size() != size) {
            throw damaged("it has " + stored.size() + " bytes of " + size);
        }
    }

    private AgentException damaged(String how) {
        return new AgentException(
                ErrorCode.DAMAGED, "'" + target + "' was damaged on its way to the store: " + how + "; store it again");
    }
}
