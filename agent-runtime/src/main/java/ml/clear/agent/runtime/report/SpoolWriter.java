// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Console;

/**
 * The agent's own lines in a task's spool: what it does before the task's process starts and after it has ended. They
 * have one order with the task's output and survive a crash like that.
 *
 * <p>Between the two the spool belongs to the keeper: close the writer before the keeper starts, and open another one when
 * {@link ml.clear.agent.runtime.process.RunningProcess#outputComplete()}. Safe for several threads.
 *
 * <p>Lines that cannot be written, because the disk is full, are counted and marked where they are missing.
 */
public final class SpoolWriter implements Console, AutoCloseable {

    private final SpoolSegments segments;
    private final long segmentBytes;
    private FileChannel channel;
    private long segment;
    private long lost;

    /** Begin a new segment after those that exist. */
    public SpoolWriter(Path spool) throws IOException {
        this(spool, SpoolSegments.SEGMENT_BYTES);
    }

    SpoolWriter(Path spool, long segmentBytes) throws IOException {
        this.segments = new SpoolSegments(spool);
        this.segmentBytes = segmentBytes;
        var numbers = segments.numbers();
        this.segment = numbers.isEmpty() ? 0 : numbers.last() + 1;
        this.channel = open(segment);
        if (!numbers.isEmpty() && endsInsideLine(segments.path(numbers.last()))) {
            write(new byte[] {'\n'});
        }
    }

    /** Write one line; it may hold several, at line feeds. */
    @Override
    public synchronized void line(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (channel.size() >= segmentBytes) {
                FileChannel next = open(segment + 1); // first: when there is no room for it, this one must go on
                channel.close();
                channel = next;
                segment++;
            }
            if (lost > 0) {
                write(("clearml-agent: " + lost + " bytes of output are missing here\n")
                        .getBytes(StandardCharsets.UTF_8));
                lost = 0;
            }
            write(bytes);
        } catch (IOException e) {
            lost += bytes.length;
        }
    }

    /** Let go of the segment. */
    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    private FileChannel open(long number) throws IOException {
        return OwnerOnly.open(segments.path(number), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** All of it or nothing: half a line would run into the next one. */
    private void write(byte[] bytes) throws IOException {
        long before = channel.size();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            channel.truncate(before);
            throw e;
        }
    }

    private static boolean endsInsideLine(Path file) throws IOException {
        try (FileChannel last = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            return Files.size(file) > 0 && last.read(end, Files.size(file) - 1) == 1 && end.get(0) != '\n';
        }
    }
}
