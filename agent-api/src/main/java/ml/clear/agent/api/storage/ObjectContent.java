// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * An open object. For one thread.
 *
 * @param object the object that the bytes belong to, with the size of the whole even where a part was asked for
 * @param stream its bytes, or those of the part
 */
@Stability.Incubating(since = "0.1")
public record ObjectContent(StoredObject object, InputStream stream) implements AutoCloseable {

    /** Checks for absence. */
    public ObjectContent {
        Objects.requireNonNull(object);
        Objects.requireNonNull(stream);
    }

    /** Close the stream; the rest of the transfer is given up. */
    @Override
    public void close() throws IOException {
        stream.close();
    }
}
