// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.StoredFile;

/**
 * Requirements that name files in stores, such as {@code s3://bucket/alpha-1.0-py3-none-any.whl}. The storage plugins fetch them
 * with the configured credentials, and installers get files of this machine.
 */
final class StoredPackages {

    private final StorageAccess storage;

    StoredPackages(StorageAccess storage) {
        this.storage = storage;
    }

    /**
     * What says that the file of a requirement has not changed, for the identity of environments.
     *
     * @return empty for a requirement without stored file
     */
    Optional<String> version(Requirement requirement) throws InterruptedException {
        Optional<StoredFile> file = requirement.stored();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        StoredObject object = reading(requirement, () -> storage.stat(file.get().address()))
                .orElseThrow(() -> new AgentException(
                        ErrorCode.TASK_INVALID,
                        words(requirement) + " does not exist in its store; correct the address"));
        return Optional.of(object.entityTag().isEmpty() ? object.size() + " " + object.modified() : object.entityTag());
    }

    /**
     * The lines that an installer reads.
     *
     * @param folder gets the files; belongs to the caller
     */
    List<String> lines(List<Requirement> requirements, Path folder, Console console) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Requirement requirement : requirements) {
            Optional<StoredFile> file = requirement.stored();
            lines.add(
                    file.isPresent()
                            ? file.get()
                                    .local(fetched(
                                            requirement, file.get(), folder.resolve("stored-" + lines.size()), console))
                            : requirement.text());
        }
        return lines;
    }

    private Path fetched(Requirement requirement, StoredFile file, Path folder, Console console)
            throws InterruptedException {
        console.line("Fetching '" + file.address() + "'");
        Path local = reading(requirement, () -> storage.localFile(file.address(), folder, TransferProgress.NONE));
        if (!file.digest().isEmpty() && !file.digest().equals(FileDigest.of(local))) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    words(requirement)
                            + " has another SHA-256 digest than the requirement names; store the file again, or "
                            + "correct the digest");
        }
        return local;
    }

    /** Reads from a store. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws InterruptedException;
    }

    private static <T> T reading(Requirement requirement, Reading<T> reading) throws InterruptedException {
        try {
            return reading.read();
        } catch (AgentException e) {
            String failure = e.code() == ErrorCode.PLUGIN_UNUSABLE
                    ? " needs a storage plugin that is not installed: "
                    : " cannot be fetched: ";
            throw new AgentException(e.code(), words(requirement) + failure + e.getMessage(), e);
        }
    }

    private static String words(Requirement requirement) {
        return "requirement '" + Requirement.withoutCredentials(requirement.text()) + "' of " + requirement.origin();
    }
}
