// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;

/** Addresses as paths, and files as objects. */
final class FileAddresses {

    /** How the names of files begin that are being written. */
    static final String BESIDE = ".clearml-";

    /** How the names of files end that are being written. */
    static final String BESIDE_END = ".part";

    private static final Set<PosixFilePermission> READABLE_BY_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private FileAddresses() {}

    static Path path(StorageAddress address) {
        if (!address.authority().isEmpty() && !address.authority().equals("localhost")) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + address + "' names the host '" + address.authority()
                            + "'; the address of a file has three slashes, such as file:///data/file");
        }
        try {
            return Path.of("/" + address.key());
        } catch (InvalidPathException e) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED, "'" + address + "' cannot be the name of a file: " + e.getReason(), e);
        }
    }

    static StoredObject describe(StorageAddress address, Path file) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        FileTime modified = facts.lastModifiedTime();
        String tag = facts.fileKey() + "-" + facts.size() + "-" + modified.to(TimeUnit.NANOSECONDS);
        return new StoredObject(address, facts.size(), modified.toInstant(), tag);
    }

    /** Whether a file is one that is being written. */
    static boolean isUnfinished(String name) {
        return name.startsWith(BESIDE) && name.endsWith(BESIDE_END);
    }

    /** A new file gets from its folder its readers: those of the folder. */
    static void applyUsualPermissions(Path file, Path folder) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        permissions.retainAll(READABLE_BY_OTHERS);
        permissions.add(PosixFilePermission.OWNER_READ);
        permissions.add(PosixFilePermission.OWNER_WRITE);
        Files.setPosixFilePermissions(file, permissions);
    }
}
