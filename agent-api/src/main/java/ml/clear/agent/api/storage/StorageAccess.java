// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.Stability;

/**
 * Objects in the stores of all plugins, read with the agent's credentials, retries, verification and cache. The backend of a
 * scheme is loaded when the first address of that scheme is used. Safe for several threads; every method blocks, and ends soon
 * after its thread is interrupted.
 *
 * <p>The methods throw {@link ml.clear.agent.api.error.AgentException} with the codes of {@link StorageBackend}, and {@code
 * PLUGIN_UNUSABLE}, with the schemes that are registered, when no plugin serves the scheme of an address.
 */
@Stability.Incubating(since = "0.1")
public interface StorageAccess {

    /** No store. */
    StorageAccess NONE = new NoStorage();

    /**
     * What is known about an object without reading it.
     *
     * @return empty when there is no such object; a folder is none
     */
    Optional<StoredObject> stat(StorageAddress object) throws InterruptedException;

    /** One page of the objects below a folder, in the order of the store; needs {@link StorageCapability#LIST}. */
    ObjectPage list(ObjectListing listing) throws InterruptedException;

    /**
     * The content of an object as a file that is only read. It comes from the cache of downloads if the object has not changed
     * since, and is verified by the checksums that its store keeps.
     *
     * @param folder gets the file, under the name of the object; belongs to the caller, and nothing evicts what lies there
     * @return the file; the object itself where {@code sdk.storage.direct_access} names a file of this machine
     */
    Path localFile(StorageAddress object, Path folder, TransferProgress progress) throws InterruptedException;
}
