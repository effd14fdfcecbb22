// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.storage.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being fetched, beside its place: {@code .name.clearml-part}, and {@code .name.clearml-parts} with the tag of
 * the object in its first line and the number of each part that is complete in a line of its own. Both stay when the process
 * dies; the next one that fetches the same object into the same place goes on. An object in one part has no record. Safe for
 * several threads.
 */
final class PartialFile implements AutoCloseable {

    private static final String END = ".clearml-part";

    /** How many locks there are; two files that share one only lose that an interrupted transfer can go on. */
    private static final int LOCKS = 256;

    private final Path target;
    private final Path file;
    private final Path record;
    private final FileLocks.Held lock;
    private final FileChannel content;
    private final @Nullable FileChannel parts;
    private final BitSet complete = new BitSet();
    private boolean keep = true;

    private PartialFile(Path target, Path file, Path record, FileLocks.Held lock, String identity, boolean resumable)
            throws IOException {
        this.target = target;
        this.file = file;
        this.record = record;
        this.lock = lock;
        boolean goesOn = resumable && readRecord(identity);
        this.content = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        this.parts = resumable ? FileChannel.open(record, StandardOpenOption.CREATE, StandardOpenOption.WRITE) : null;
        if (parts != null && goesOn) {
            parts.position(parts.size());
        } else {
            content.truncate(0);
            if (parts != null) {
                parts.truncate(0);
            }
            line(identity);
        }
        keep = resumable;
    }

    /**
     * Open the partial file of a place. While another process fetches into the same place, this one uses a file of its own.
     *
     * @param locks the locks of all that fetch
     */
    static PartialFile open(Path target, StoredObject object, long partSize, FileLocks locks) throws IOException {
        Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
        String name = "." + shortened(String.valueOf(target.getFileName()));
        Optional<FileLocks.Held> lock = locks.attempt(lockName(folder.resolve(name)));
        boolean alone = lock.isPresent();
        for (int other = 1; lock.isEmpty(); other++) {
            name = name + "-" + other;
            lock = locks.attempt(lockName(folder.resolve(name)));
        }
        String identity =
                object.entityTag().replace('\n', ' ') + " " + object.size() + " " + partSize + " " + object.address();
        boolean hasParts = object.size() > partSize;
        boolean resumable = alone && hasParts && !object.entityTag().isEmpty();
        try {
            return new PartialFile(
                    target,
                    folder.resolve(name + END),
                    folder.resolve(name + END + "s"),
                    lock.get(),
                    identity,
                    resumable);
        } catch (IOException e) {
            lock.get().close();
            throw e;
        }
    }

    private static String lockName(Path path) {
        return "fetch-" + Math.floorMod(path.hashCode(), LOCKS);
    }

    /** File systems allow names of 255 octets. */
    private static String shortened(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= 200
                ? name
                : name.substring(0, 50) + Integer.toHexString(name.hashCode());
    }

    private boolean readRecord(String identity) throws IOException {
        if (!Files.exists(record) || !Files.exists(file)) {
            return false;
        }
        List<String> lines = Files.readAllLines(record);
        if (lines.isEmpty() || !lines.getFirst().equals(identity)) {
            return false;
        }
        Set<String> numbers = new HashSet<>(lines.subList(1, lines.size()));
        for (String number : numbers) {
            if (number.matches("\\d{1,9}")) {
                complete.set(Integer.parseInt(number));
            }
        }
        return true;
    }

    Path file() {
        return file;
    }

    /** Whether an earlier attempt completed the part. */
    synchronized boolean has(int part) {
        return complete.get(part);
    }

    /** A part is complete. */
    synchronized void done(int part) throws IOException {
        complete.set(part);
        line(String.valueOf(part));
    }

    void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += content.write(bytes, at);
        }
    }

    /** Move the file to its place. */
    void publish() throws IOException {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        keep = false;
    }

    /** What arrived is of no use. */
    void discard() {
        keep = false;
    }

    private void line(String text) throws IOException {
        if (parts != null) {
            parts.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void close() throws IOException {
        try (lock;
                content;
                parts) {
            if (!keep) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(record);
            }
        }
    }
}
