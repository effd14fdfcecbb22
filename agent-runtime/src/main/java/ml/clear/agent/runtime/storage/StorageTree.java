// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;
import org.jspecify.annotations.Nullable;

/**
 * Copies single objects and whole folders between any two places; files are objects of the scheme {@code file}. Of a folder, small
 * objects move side by side, as many as the store has parts at once; a large one has its own parts side by side.
 */
public final class StorageTree {

    private final Storage storage;
    private final Listener listener;

    /** Copies with a listener. */
    public StorageTree(Storage storage, Listener listener) {
        this.storage = storage;
        this.listener = listener;
    }

    /** Follows what is done. Called by several threads. */
    public interface Listener {

        /** An object is about to be moved; the progress of its transfer goes to the result. */
        TransferProgress copying(StoredObject source, StorageAddress target);

        /** An object was copied. */
        void copied(StoredObject source, StorageAddress target);

        /** An object was deleted. */
        void deleted(StorageAddress object);
    }

    /**
     * Copy one object.
     *
     * @param target an object; a folder when it ends with a slash
     * @return where it is now
     */
    public StorageAddress copy(StorageAddress source, StorageAddress target) throws InterruptedException {
        StoredObject object = storage.stat(source)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.NOT_FOUND,
                        "there is no object '" + source + "'; --recursive copies what lies below a folder"));
        StorageAddress place =
                target.key().isEmpty() || target.key().endsWith("/") ? target.resolve(source.name()) : target;
        copy(object, place);
        return place;
    }

    /** Copy all objects below a folder; the number of objects. */
    public long copyAll(StorageAddress source, StorageAddress target) throws InterruptedException {
        long[] count = {0};
        try (ConcurrentParts small = sideBySide("copy", source, target)) {
            storage.list(ObjectListing.below(source), page -> {
                for (StoredObject object : page.objects()) {
                    copy(object, target.resolve(relative(source, object)), small);
                    count[0]++;
                }
            });
            small.await();
        }
        return count[0];
    }

    /**
     * Make a folder equal to another one: copies what is missing, has another size, or is older than its source.
     *
     * @param delete whether what the source lacks is deleted
     * @return the number of objects copied and deleted
     */
    public long synchronise(StorageAddress source, StorageAddress target, boolean delete) throws InterruptedException {
        Map<String, StoredObject> there = new HashMap<>();
        storage.list(
                ObjectListing.below(target),
                page -> page.objects().forEach(object -> there.put(relative(target, object), object)));
        long[] count = {0};
        try (ConcurrentParts small = sideBySide("sync", source, target)) {
            storage.list(ObjectListing.below(source), page -> {
                for (StoredObject object : page.objects()) {
                    String name = relative(source, object);
                    if (!isCurrent(there.remove(name), object)) {
                        copy(object, target.resolve(name), small);
                        count[0]++;
                    }
                }
            });
            small.await();
            if (delete) {
                for (StoredObject superfluous : there.values()) {
                    small.add(() -> delete(superfluous.address()));
                    count[0]++;
                }
                small.await();
            }
        }
        return count[0];
    }

    private static boolean isCurrent(@Nullable StoredObject copy, StoredObject source) {
        return copy != null && copy.size() == source.size() && !copy.modified().isBefore(source.modified());
    }

    /** Delete one object. */
    public void delete(StorageAddress object) throws InterruptedException {
        storage.delete(object);
        listener.deleted(object);
    }

    /** Delete all objects below a folder; the number of objects. */
    public long deleteAll(StorageAddress folder) throws InterruptedException {
        long[] count = {0};
        try (ConcurrentParts deletions = sideBySide("delete", folder, folder)) {
            storage.list(ObjectListing.below(folder), page -> {
                for (StoredObject object : page.objects()) {
                    deletions.add(() -> delete(object.address()));
                    count[0]++;
                }
                deletions.await(); // the next page continues in what is left
            });
        }
        return count[0];
    }

    /** As many at once as the store allows; of two stores, the one that allows fewer. */
    private ConcurrentParts sideBySide(String name, StorageAddress source, StorageAddress target) {
        return new ConcurrentParts(
                name,
                Stream.of(source, target)
                        .filter(place -> !isFile(place))
                        .mapToInt(place -> storage.limits(place).concurrency())
                        .min()
                        .orElseGet(() -> storage.limits(target).concurrency()));
    }

    private void copy(StoredObject source, StorageAddress target, ConcurrentParts small) throws InterruptedException {
        TransferLimits limits = storage.limits(isFile(target) ? source.address() : target);
        if (source.size() >= limits.threshold()) {
            copy(source, target);
        } else {
            small.add(() -> copy(source, target));
        }
    }

    private void copy(StoredObject source, StorageAddress target) throws InterruptedException {
        TransferProgress progress = listener.copying(source, target);
        if (isFile(source.address()) && !isFile(target)) {
            storage.store(path(source.address()), target, WriteCondition.NONE, progress);
        } else if (isFile(target) && !isFile(source.address())) {
            storage.fetch(source.address(), path(target), progress);
        } else {
            storage.copy(source.address(), target, WriteCondition.NONE, progress);
        }
        listener.copied(source, target);
    }

    private static boolean isFile(StorageAddress address) {
        return address.scheme().equals("file");
    }

    private static Path path(StorageAddress file) {
        return Path.of("/" + file.key());
    }

    private static String relative(StorageAddress folder, StoredObject object) {
        return object.address().key().substring(folder.folderKey().length());
    }
}
