// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads on in a spool that is still being written, with no more memory than one buffer, from any place in it. For one
 * thread.
 */
final class SpoolReader implements AutoCloseable {

    private final SpoolSegments segments;
    private final SpoolPosition end;
    private SpoolPosition position;
    private @Nullable FileChannel channel;

    SpoolReader(SpoolSegments segments, SpoolPosition start) {
        this(segments, start, SpoolPosition.ENDLESS);
    }

    /** Read no byte at or after a place. */
    SpoolReader(SpoolSegments segments, SpoolPosition start, SpoolPosition end) {
        this.segments = segments;
        this.end = end;
        this.position = start;
    }

    /** The place of the next byte. */
    SpoolPosition position() {
        return position;
    }

    /**
     * Read the available bytes, from one segment at a time.
     *
     * @return the number of bytes, 0 when there are no more now
     */
    int read(ByteBuffer buffer) throws IOException {
        while (true) {
            int count = readHere(buffer);
            if (count > 0) {
                position = position.plus(count);
                return count;
            }
            OptionalLong next = segments.after(position.segment());
            if (next.isEmpty() || next.getAsLong() > end.segment()) {
                return 0;
            }
            // The writer was done with this segment before it began the next, so one more look finds all of it.
            count = readHere(buffer);
            if (count > 0) {
                position = position.plus(count);
                return count;
            }
            close();
            position = new SpoolPosition(next.getAsLong(), 0);
        }
    }

    private int readHere(ByteBuffer buffer) throws IOException {
        if (channel == null) {
            try {
                channel = FileChannel.open(segments.path(position.segment()), StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return 0;
            }
        }
        if (position.segment() == end.segment()) {
            long most = Math.max(0, end.offset() - position.offset());
            buffer.limit((int) Math.min(buffer.limit(), buffer.position() + most));
        }
        return Math.max(0, channel.read(buffer, position.offset()));
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
