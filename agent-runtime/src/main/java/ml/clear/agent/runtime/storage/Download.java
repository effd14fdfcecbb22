// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.TransferProgress;

/**
 * Fetches one object into a file, which appears whole and verified, or not at all. A large object comes in parts side by side. A
 * part that breaks off goes on where it ended, also in a later process: see {@link PartialFile}.
 */
final class Download {

    private static final int BUFFER = 1 << 17;

    private final StorageBackend backend;
    private final StorageAddress source;
    private final Retries retries;
    private final FileLocks locks;
    private final TransferLimits limits;
    private final String what;

    Download(StorageBackend backend, StorageAddress source, Retries retries, FileLocks locks) {
        this.backend = backend;
        this.source = source;
        this.retries = retries;
        this.locks = locks;
        this.limits = backend.limits(source);
        this.what = "'" + source + "'";
    }

    /**
     * Fetch it.
     *
     * @param target replaced if it exists; its folder exists
     * @return what was fetched
     */
    StoredObject to(Path target, TransferProgress listener) throws InterruptedException {
        return retries.run(what, Set.of(ErrorCode.DAMAGED), () -> {
            StoredObject object = retries.run(what, () -> backend.stat(source).orElseThrow(this::missing));
            fetch(object, target, listener);
            return object;
        });
    }

    private void fetch(StoredObject object, Path target, TransferProgress listener)
            throws IOException, InterruptedException {
        boolean divisible = object.size() >= limits.threshold()
                && object.size() > limits.partSize()
                && backend.capabilities(source).contains(StorageCapability.RANGES);
        long partSize = divisible ? limits.partSize() : Math.max(1, object.size());
        try (PartialFile partial = PartialFile.open(target, object, partSize, locks)) {
            CountedProgress progress = new CountedProgress(listener, object.size());
            if (object.size() < 0) {
                sequential(partial, progress);
            } else {
                parts(object, partial, partSize, progress);
            }
            if (ContentCheck.differs(partial.file(), object)) {
                partial.discard();
                throw new AgentException(
                        ErrorCode.DAMAGED,
                        "'" + source
                                + "' was damaged in the store or on its way: its checksum differs; store it again");
            }
            partial.publish();
        }
    }

    private void parts(StoredObject object, PartialFile partial, long partSize, CountedProgress progress)
            throws InterruptedException {
        try (ConcurrentParts parts = new ConcurrentParts("download", limits.concurrency())) {
            for (long first = 0; first < object.size(); first += partSize) {
                long start = first;
                int number = Math.toIntExact(first / partSize);
                long length = Math.min(partSize, object.size() - first);
                if (partial.has(number)) {
                    progress.add(length);
                } else {
                    parts.add(() -> {
                        part(object, partial, new ByteRange(start, length), progress);
                        partial.done(number);
                    });
                }
            }
            parts.await();
        }
    }

    private void part(StoredObject object, PartialFile partial, ByteRange part, CountedProgress progress)
            throws InterruptedException {
        long[] arrived = {0};
        retries.perform(what, () -> {
            boolean ranges = backend.capabilities(source).contains(StorageCapability.RANGES);
            if (!ranges) {
                progress.add(-arrived[0]);
                arrived[0] = 0;
            }
            boolean whole = arrived[0] == 0 && part.first() == 0 && part.length() == object.size();
            ByteRange missing = new ByteRange(part.first() + arrived[0], part.length() - arrived[0]);
            try (ObjectContent content = backend.read(source, whole ? ByteRange.ALL : missing)) {
                requireSame(object, content.object());
                copy(content.stream(), partial, part, arrived, progress);
            }
        });
    }

    private void copy(InputStream in, PartialFile partial, ByteRange part, long[] arrived, CountedProgress progress)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (arrived[0] < part.length()) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, part.length() - arrived[0]));
            if (read < 0) {
                throw new IOException("it ended " + (part.length() - arrived[0]) + " bytes early");
            }
            partial.write(ByteBuffer.wrap(buffer, 0, read), part.first() + arrived[0]);
            arrived[0] += read;
            progress.add(read);
        }
    }

    /** The store does not say how many bytes there are, so each attempt begins at the start. */
    private void sequential(PartialFile partial, CountedProgress progress) throws InterruptedException {
        long[] arrived = {0};
        retries.run(what, () -> {
            progress.add(-arrived[0]);
            arrived[0] = 0;
            try (ObjectContent content = backend.read(source, ByteRange.ALL)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = content.stream().read(buffer);
                        read >= 0;
                        read = content.stream().read(buffer)) {
                    partial.write(ByteBuffer.wrap(buffer, 0, read), arrived[0]);
                    arrived[0] += read;
                    progress.add(read);
                }
            }
            return arrived[0];
        });
    }

    private void requireSame(StoredObject expected, StoredObject found) {
        boolean otherTag = !expected.entityTag().isEmpty()
                && !found.entityTag().isEmpty()
                && !expected.entityTag().equals(found.entityTag());
        boolean otherSize = found.size() >= 0 && found.size() != expected.size();
        if (otherTag || otherSize) {
            throw new AgentException(
                    ErrorCode.CONFLICT, "'" + source + "' was replaced while it was fetched; fetch it again");
        }
    }

    private AgentException missing() {
        return new AgentException(ErrorCode.NOT_FOUND, "there is no '" + source + "'; check the address");
    }
}
