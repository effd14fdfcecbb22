// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.WriteCondition;
import org.jspecify.annotations.Nullable;

/** Objects in memory, with failures that tests ask for and a record of the requests. */
public final class MemoryStore implements StorageBackend {

    public final Map<StorageAddress, byte[]> objects =
            new ConcurrentSkipListMap<>(Comparator.comparing(StorageAddress::text));
    final Map<StorageAddress, List<Checksum>> checksums = new ConcurrentHashMap<>();

    /** What was asked for: {@code stat}, {@code read 0 100}, {@code write}, {@code part 2}, {@code complete}. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** The codes with which the next requests other than stat fail. */
    final LinkedBlockingDeque<ErrorCode> failures = new LinkedBlockingDeque<>();

    /** After how many bytes the next bodies break off. */
    final LinkedBlockingDeque<Integer> cuts = new LinkedBlockingDeque<>();

    /** What requests other than stat wait for. */
    volatile Runnable gate = () -> {};

    public final Set<StorageCapability> capabilities = EnumSet.allOf(StorageCapability.class);
    /** With what every request fails, when there is something. */
    public volatile @Nullable ErrorCode unusable;

    /** With what every write fails, when there is something. */
    public volatile @Nullable ErrorCode readOnly;

    /** Run before each write. */
    public volatile Runnable beforeWrite = () -> {};

    private final Map<StorageAddress, Instant> times = new ConcurrentHashMap<>();
    private final AtomicLong now = new AtomicLong(1_000_000);

    TransferLimits limits = new TransferLimits(1000, 1000, 4);
    boolean hasParts = true;

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return capabilities;
    }

    @Override
    public TransferLimits limits(StorageAddress place) {
        return limits;
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) {
        requests.add("stat");
        check(unusable);
        byte[] content = objects.get(object);
        return content == null ? Optional.empty() : Optional.of(describe(object, content));
    }

    private StoredObject describe(StorageAddress object, byte[] content) {
        return new StoredObject(
                object,
                content.length,
                times.getOrDefault(object, Instant.ofEpochSecond(1_000_000)),
                "tag-" + Arrays.hashCode(content),
                checksums.getOrDefault(object, List.of()));
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) {
        request("read " + range.first() + " " + range.length());
        byte[] content = objects.get(object);
        if (content == null) {
            throw new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'");
        }
        int first = (int) Math.min(range.first(), content.length);
        int end = range.length() < 0 ? content.length : (int) Math.min(content.length, first + range.length());
        InputStream stream = new ByteArrayInputStream(content, first, end - first);
        Integer cut = cuts.poll();
        return new ObjectContent(describe(object, content), cut == null ? stream : new CutStream(stream, cut));
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition) {
        request("write");
        return put(target, bytes(content), condition);
    }

    private synchronized StoredObject put(StorageAddress target, byte[] content, WriteCondition condition) {
        beforeWrite.run();
        check(readOnly);
        byte[] before = objects.get(target);
        boolean holds = switch (condition) {
            case WriteCondition.Always _ -> true;
            case WriteCondition.Absent _ -> before == null;
            case WriteCondition.Matches(String tag) ->
                before != null && describe(target, before).entityTag().equals(tag);
        };
        if (!holds) {
            throw new AgentException(ErrorCode.CONFLICT, "'" + target + "' is another one");
        }
        objects.put(target, content);
        times.put(target, Instant.ofEpochSecond(now.incrementAndGet()));
        return describe(target, content);
    }

    private static void check(@Nullable ErrorCode failure) {
        if (failure != null) {
            throw new AgentException(failure, "the store fails with " + failure);
        }
    }

    @Override
    public Optional<PartedWrite> writeInParts(StorageAddress target, long size, WriteCondition condition) {
        return hasParts ? Optional.of(new Parts(target, condition)) : Optional.empty();
    }

    @Override
    public ObjectPage list(ObjectListing listing) {
        List<StoredObject> found = new ArrayList<>();
        objects.forEach((address, content) -> {
            if (address.scheme().equals(listing.folder().scheme())
                    && address.key().startsWith(listing.folder().folderKey())) {
                found.add(describe(address, content));
            }
        });
        return new ObjectPage(found, List.of(), "");
    }

    @Override
    public void delete(StorageAddress object) {
        request("delete");
        objects.remove(object);
    }

    @Override
    public void close() {}

    private void request(String what) {
        requests.add(what);
        gate.run();
        check(unusable);
        check(failures.poll());
    }

    private static byte[] bytes(ObjectSource content) {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AgentException(ErrorCode.STORAGE_FAILED, "unreadable", e);
        }
    }

    private final class Parts implements PartedWrite {

        private final StorageAddress target;
        private final WriteCondition condition;
        private final Map<Integer, byte[]> parts = Collections.synchronizedMap(new TreeMap<>());

        Parts(StorageAddress target, WriteCondition condition) {
            this.target = target;
            this.condition = condition;
        }

        @Override
        public long partSize() {
            return limits.partSize();
        }

        @Override
        public void send(int number, ObjectSource content) {
            request("part " + number);
            parts.put(number, bytes(content));
        }

        @Override
        public StoredObject complete() {
            request("complete");
            int length = parts.values().stream().mapToInt(part -> part.length).sum();
            byte[] whole = new byte[length];
            int at = 0;
            for (byte[] part : parts.values()) {
                System.arraycopy(part, 0, whole, at, part.length);
                at += part.length;
            }
            return put(target, whole, condition);
        }

        @Override
        public void close() {
            requests.add("close");
        }
    }

    /** Breaks off after some bytes. */
    private static final class CutStream extends FilterInputStream {

        private int left;

        CutStream(InputStream in, int length) {
            super(in);
            left = length;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                throw new IOException("connection reset");
            }
            int read = super.read(buffer, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
