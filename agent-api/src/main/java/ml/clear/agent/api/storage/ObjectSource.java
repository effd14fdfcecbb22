// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.Stability;

/** Bytes to be stored. Safe for several threads as far as its streams are. */
@Stability.Incubating(since = "0.1")
public interface ObjectSource {

    /** How many bytes there are. */
    long size();

    /**
     * Open them from the start; again for a signature that needs the bytes before they are sent, or for another attempt.
     * The caller closes the stream.
     *
     * @throws IOException when they cannot be read, or not once more
     */
    InputStream open() throws IOException;

    /** The content of a file, with the size that it has now. */
    static ObjectSource of(Path file) throws IOException {
        long size = Files.size(file);
        return of(size, () -> Files.newInputStream(file));
    }

    /** Bytes in memory, which must not change. */
    static ObjectSource of(byte[] bytes) {
        return of(bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    /** Bytes that can be opened any number of times. */
    static ObjectSource of(long size, Opening opening) {
        return new ObjectSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return opening.open();
            }
        };
    }

    /** Opens a stream. */
    @FunctionalInterface
    interface Opening {

        /** A new stream from the start. */
        InputStream open() throws IOException;
    }
}
