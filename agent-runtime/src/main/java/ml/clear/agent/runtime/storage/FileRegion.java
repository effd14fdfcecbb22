// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import ml.clear.agent.api.storage.ObjectSource;

/** Some bytes of a file, which must not change meanwhile. */
final class FileRegion {

    private FileRegion() {}

    static ObjectSource of(Path file, long first, long length) {
        return ObjectSource.of(length, () -> new RegionStream(file, first, length));
    }

    private static final class RegionStream extends InputStream {

        private final Path file;
        private final FileChannel channel;
        private long position;
        private long left;

        RegionStream(Path file, long first, long length) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
            this.position = first;
            this.left = length;
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
            int read = channel.read(ByteBuffer.wrap(buffer, offset, (int) Math.min(length, left)), position);
            if (read < 0) {
                throw new IOException("'" + file + "' became shorter while it was stored");
            }
            position += read;
            left -= read;
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, left);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
