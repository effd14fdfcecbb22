// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import ml.clear.agent.api.Stability;

/**
 * Stores and fetches files under URLs of one or more schemes. Safe for several threads.
 *
 * <p>Every method throws {@link ml.clear.agent.api.error.AgentException}: {@code NOT_FOUND} for an object that does not
 * exist, {@code CREDENTIALS_REFUSED} when access is denied, {@code STORAGE_FAILED} otherwise.
 */
@Stability.Incubating(since = "0.1")
public interface StorageBackend extends AutoCloseable {

    /**
     * Store a file; an object that exists is replaced, and readers see the old or the new one, whole.
     *
     * @param file an existing file
     * @param target where to store it
     * @param progress called from any thread
     */
    void store(Path file, URI target, TransferProgress progress) throws InterruptedException;

    /**
     * Fetch an object into a file, which appears whole or not at all.
     *
     * @param source what to fetch
     * @param file where to put it; replaced if it exists
     * @param progress called from any thread
     */
    void fetch(URI source, Path file, TransferProgress progress) throws InterruptedException;

    /** Whether an object exists. */
    boolean exists(URI object) throws InterruptedException;

    /** Delete an object; nothing happens when it does not exist. */
    void delete(URI object) throws InterruptedException;

    /**
     * The objects below an address, at any depth, sorted by name.
     *
     * @return a stream that the caller closes
     */
    Stream<URI> list(URI prefix) throws InterruptedException;

    /** Close the connections. Idempotent. */
    @Override
    void close();
}
