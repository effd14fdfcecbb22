// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import ml.clear.agent.api.Stability;

/**
 * An object that is stored in parts. Nothing is visible before {@link #complete}. The methods throw as those of
 * {@link StorageBackend} do.
 */
@Stability.Incubating(since = "0.1")
public interface PartedWrite extends AutoCloseable {

    /** Bytes of every part but the last one, which may be smaller. */
    long partSize();

    /**
     * Send a part. Called by several threads, in any order; a part that is sent again takes the place of the earlier one.
     *
     * @param number 1 for the first
     */
    void send(int number, ObjectSource content) throws InterruptedException;

    /**
     * Make the object visible, when all parts from 1 to the highest number have been sent.
     *
     * @return what is stored now
     */
    StoredObject complete() throws InterruptedException;

    /** Remove the parts, unless the object is complete. Idempotent; throws nothing. */
    @Override
    void close();
}
