// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * What an address means: {@code s3://bucket/key} on Amazon, {@code s3://host:port/bucket/key} elsewhere.
 *
 * @param host with its port, empty for Amazon
 * @param bucket the bucket
 * @param key the key, empty for the whole bucket
 */
record S3Location(String host, String bucket, String key) {

    /** @param isHost whether the authority is a host rather than a bucket */
    static S3Location of(StorageAddress address, boolean isHost) {
        if (!isHost) {
            return checked(address, new S3Location("", address.authority(), address.key()));
        }
        int slash = address.key().indexOf('/');
        String bucket = slash < 0 ? address.key() : address.key().substring(0, slash);
        String key = slash < 0 ? "" : address.key().substring(slash + 1);
        return checked(address, new S3Location(address.authority(), bucket, key));
    }

    private static S3Location checked(StorageAddress address, S3Location place) {
        if (place.bucket().isEmpty()) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + address + "' names no bucket; write s3://bucket/key, or s3://host:port/bucket/key");
        }
        return place;
    }

    /** The key of a folder: with a slash at its end, or empty. */
    String folderKey() {
        return key.isEmpty() || key.endsWith("/") ? key : key + "/";
    }

    /** The address of another key in the bucket of an address. */
    StorageAddress address(StorageAddress sibling, String other) {
        return sibling.withKey(host.isEmpty() ? other : bucket + "/" + other);
    }
}
