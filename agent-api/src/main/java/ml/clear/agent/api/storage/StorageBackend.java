// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.Stability;

/**
 * Stores and reads objects under addresses of one or more schemes. Safe for several threads.
 *
 * <p>A backend speaks the protocol of its store and nothing else: the agent retries, resumes, checks digests, keeps files
 * atomic and runs the parts of large objects side by side, so a method makes one attempt. Every method blocks, ends soon
 * after its thread is interrupted, and throws {@link ml.clear.agent.api.error.AgentException} with one of these codes:
 *
 * <ul>
 *   <li>{@code NOT_FOUND}: the object, or its bucket, container or folder, does not exist
 *   <li>{@code CREDENTIALS_REFUSED}: the store knows no such credentials, or there are none
 *   <li>{@code ACCESS_DENIED}: the credentials are valid and do not allow this
 *   <li>{@code CONFLICT}: the condition of a write does not hold
 *   <li>{@code THROTTLED}: the store asks to slow down; the agent retries
 *   <li>{@code SERVER_UNAVAILABLE}: the store cannot be reached, or fails for now; the agent retries
 *   <li>{@code DAMAGED}: what arrived is not what was sent; the agent retries
 *   <li>{@code STORAGE_FAILED}: anything else, such as an operation that this store does not have
 * </ul>
 *
 * The message names the setting that governs the failure, where there is one.
 */
@Stability.Incubating(since = "0.1")
public interface StorageBackend extends AutoCloseable {

    /** What the store of an address can do besides {@link #stat} and {@link #read}. Does not ask the store. */
    Set<StorageCapability> capabilities(StorageAddress place);

    /** How the agent divides the transfers of large objects at an address. Does not ask the store. */
    default TransferLimits limits(StorageAddress place) {
        return TransferLimits.DEFAULT;
    }

    /**
     * What is known about an object without reading it.
     *
     * @return empty when there is no such object; a folder is none
     */
    Optional<StoredObject> stat(StorageAddress object) throws InterruptedException;

    /**
     * One page of the objects below a folder, in the order of the store. An empty page when nothing lies below it.
     *
     * <p>Needs {@link StorageCapability#LIST}.
     */
    ObjectPage list(ObjectListing listing) throws InterruptedException;

    /**
     * Open an object, or a part of it.
     *
     * @param range a part needs {@link StorageCapability#RANGES}; one that begins at or after the end gives no bytes
     * @return the caller closes it; its stream throws {@link IOException} when the transfer breaks, and ends early only
     *     when the object does
     */
    ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException;

    /**
     * Store an object in one request; readers see the old object or the new one, whole.
     *
     * <p>Needs {@link StorageCapability#WRITE}, and {@link StorageCapability#CONDITIONS} for a condition other than
     * {@link WriteCondition#NONE}.
     *
     * @return what is stored now
     */
    StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException;

    /**
     * Begin to store an object in parts, which may be sent in any order and side by side.
     *
     * @param size bytes of the whole object, -1 when not known yet
     * @return empty when this store has no parts: {@link #write} is used for objects of any size
     */
    default Optional<PartedWrite> writeInParts(StorageAddress target, long size, WriteCondition condition)
            throws InterruptedException {
        return Optional.empty();
    }

    /**
     * Copy an object within the store, so that no byte leaves it.
     *
     * @return what is stored now at the target; empty when this store cannot copy, and the agent reads and writes instead
     */
    default Optional<StoredObject> copy(StorageAddress source, StorageAddress target, WriteCondition condition)
            throws InterruptedException {
        return Optional.empty();
    }

    /** Delete an object; nothing happens when it does not exist. Needs {@link StorageCapability#DELETE}. */
    void delete(StorageAddress object) throws InterruptedException;

    /** Close the connections. Idempotent. */
    @Override
    void close();
}
