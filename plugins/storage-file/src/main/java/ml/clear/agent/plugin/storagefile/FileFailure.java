// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import org.jspecify.annotations.Nullable;

/** Failures of the file system as failures of a store. */
final class FileFailure {

    private FileFailure() {}

    /** @param action a verb */
    static AgentException of(String action, StorageAddress object, IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ ->
                new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address", failure);
            case AccessDeniedException denied ->
                new AgentException(
                        ErrorCode.ACCESS_DENIED,
                        "not allowed to " + action + " '" + object + "'; check the permissions of '" + denied.getFile()
                                + "'",
                        failure);
            case FileSystemException system ->
                failed(action, object, system.getReason() == null ? system.toString() : system.getReason(), failure);
            default -> failed(action, object, String.valueOf(failure.getMessage()), failure);
        };
    }

    static AgentException conflict(StorageAddress object, String state, @Nullable IOException failure) {
        return new AgentException(ErrorCode.CONFLICT, "'" + object + "' " + state + ", so it is not replaced", failure);
    }

    private static AgentException failed(String action, StorageAddress object, String reason, IOException failure) {
        return new AgentException(
                ErrorCode.STORAGE_FAILED,
                "cannot " + action + " '" + object + "': " + reason + "; check the disk and the path",
                failure);
    }
}
