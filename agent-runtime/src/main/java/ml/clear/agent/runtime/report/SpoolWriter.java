// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ml.clear.agent.api.file.OwnerOnly;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own lines in a task's spool: what it does before the task's process starts and after it has ended. They
 * stay in order with the task's output and survive a crash as it does.
 *
 * <p>Between the two the spool belongs to the keeper: close the writer before the keeper starts, and open another one
 * when {@link ml.clear.agent.runtime.process.RunningProcess#outputComplete()}. Safe for several threads.
 */
public final class SpoolWriter implements AutoCloseable {

    private final SpoolSegments segments;
    private final long segmentBytes;
    private @Nullable FileOutputStream stream; // a channel would be closed by an interruption
    private long segment;
    private long size;
    private boolean insideLine;

    /** Write to a new segment after those that exist; it is made with its first line. */
    public SpoolWriter(Path spool) throws IOException {
        this(spool, SpoolSegments.SEGMENT_BYTES);
    }

    SpoolWriter(Path spool, long segmentBytes) throws IOException {
        this.segments = new SpoolSegments(spool);
        this.segmentBytes = segmentBytes;
        var numbers = segments.numbers();
        this.segment = numbers.isEmpty() ? 0 : numbers.last() + 1;
        this.insideLine = !numbers.isEmpty() && endsInsideLine(segments.path(numbers.last()));
    }

    /**
     * Write one line; it may hold several, at line feeds.
     *
     * @return whether it is there; not when the disk is full, and then nothing of it is
     */
    public synchronized boolean write(String text) {
        byte[] bytes = ((insideLine ? "\n" : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            FileOutputStream to = current();
            try {
                to.write(bytes);
            } catch (IOException e) {
                cutBack();
                throw e;
            }
            size += bytes.length;
            insideLine = false;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Close the segment. */
    @Override
    public synchronized void close() throws IOException {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    private FileOutputStream current() throws IOException {
        FileOutputStream open = stream;
        if (open == null) {
            open = open(segment);
        } else if (size >= segmentBytes) {
            FileOutputStream next = open(segment + 1); // first: when there is no room for it, this one must go on
            open.close();
            open = next;
            segment++;
            size = 0;
        }
        stream = open;
        return open;
    }

    private FileOutputStream open(long number) throws IOException {
        Path path = segments.path(number);
        OwnerOnly.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();
        return new FileOutputStream(path.toFile(), true);
    }

    /** All of it or nothing: half a line would run into the next one. */
    private void cutBack() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segments.path(segment).toFile(), "rw")) {
            file.setLength(size);
        }
    }

    private static boolean endsInsideLine(Path file) throws IOException {
        try (FileChannel last = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            return Files.size(file) > 0 && last.read(end, Files.size(file) - 1) == 1 && end.get(0) != '\n';
        }
    }
}
