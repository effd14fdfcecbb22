// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static java.lang.System.Logger.Level.INFO;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.runtime.storage.Storage;

/**
 * Deletes the archives that were not fetched for longest, until the rest is within a limit. Several machines may do so at once: they
 * see the same times, which are those of the store, and delete the same objects.
 */
final class RemoteEviction {

    private static final System.Logger LOG = System.getLogger(RemoteEviction.class.getName());

    private final Storage storage;
    private final RemoteNames names;
    private final long mostBytes;

    RemoteEviction(Storage storage, RemoteNames names, long mostBytes) {
        this.storage = storage;
        this.names = names;
        this.mostBytes = mostBytes;
    }

    /** An archive and the time of its last use. */
    private record Aged(EnvironmentKey key, StoredObject archive, Instant used) {}

    /**
     * Delete what is too much; nothing in a store that cannot list or delete.
     *
     * @param kept stays in any case
     */
    void makeRoom(EnvironmentKey kept) throws InterruptedException {
        if (mostBytes <= 0
                || !storage.can(names.folder(), StorageCapability.LIST)
                || !storage.can(names.folder(), StorageCapability.DELETE)) {
            return;
        }
        Map<EnvironmentKey, StoredObject> archives = new HashMap<>();
        Map<EnvironmentKey, Instant> uses = new HashMap<>();
        storage.list(ObjectListing.below(names.folder()), page -> {
            for (StoredObject object : page.objects()) {
                names.archived(object.address()).ifPresent(key -> archives.put(key, object));
                names.used(object.address()).ifPresent(key -> uses.put(key, object.modified()));
            }
        });
        long bytes = archives.values().stream().mapToLong(StoredObject::size).sum();
        for (Aged oldest : byAge(archives, uses)) {
            if (bytes <= mostBytes) {
                return;
            }
            if (!oldest.key().equals(kept)) {
                storage.delete(oldest.archive().address());
                storage.delete(names.use(oldest.key()));
                bytes -= oldest.archive().size();
                LOG.log(
                        INFO,
                        "removed ''{0}'', last used {1}: the archives exceed {2}",
                        oldest.archive().address(),
                        oldest.used(),
                        RemoteSettings.MOST_BYTES.key());
            }
        }
    }

    private static List<Aged> byAge(Map<EnvironmentKey, StoredObject> archives, Map<EnvironmentKey, Instant> uses) {
        return archives.entrySet().stream()
                .map(entry -> {
                    Instant stored = entry.getValue().modified();
                    Instant used = uses.getOrDefault(entry.getKey(), stored);
                    return new Aged(entry.getKey(), entry.getValue(), used.isAfter(stored) ? used : stored);
                })
                .sorted(Comparator.comparing(Aged::used))
                .toList();
    }
}
