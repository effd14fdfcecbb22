// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Serves no scheme. */
final class NoStorage implements StorageAccess {

    @Override
    public Optional<StoredObject> stat(StorageAddress object) {
        throw missing(object);
    }

    @Override
    public ObjectPage list(ObjectListing listing) {
        throw missing(listing.folder());
    }

    @Override
    public Path localFile(StorageAddress object, Path folder, TransferProgress progress) {
        throw missing(object);
    }

    private static AgentException missing(StorageAddress address) {
        return new AgentException(
                ErrorCode.PLUGIN_UNUSABLE,
                "no storage scheme is called '" + address.scheme() + "'; none is registered");
    }
}
