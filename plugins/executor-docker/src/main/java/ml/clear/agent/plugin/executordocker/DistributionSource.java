// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAccess;
import ml.clear.agent.api.storage.StorageAddress;

/** The place with distributions that the configuration names: a folder in a store or on this machine, or one archive. */
final class DistributionSource {

    private final StorageAccess storage;
    private final StorageAddress place;

    DistributionSource(StorageAccess storage, String place) {
        this.storage = storage;
        this.place = address(place);
    }

    private static StorageAddress address(String place) {
        try {
            return StorageAddress.parse(
                    place.contains("://")
                            ? place
                            : "file://" + Path.of(place).toAbsolutePath().normalize());
        } catch (IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    DockerSettings.DISTRIBUTION.key() + ": " + e.getMessage() + "; correct the address",
                    e);
        }
    }

    /** The newest archive for this machine that is compatible with a version; empty when there is none. */
    Optional<DistributionArchive> newest(AgentVersion running) throws InterruptedException {
        return archives().stream()
                .filter(archive -> archive.platform().equals(DistributionArchive.thisPlatform()))
                .filter(archive -> archive.version().isCompatibleWith(running))
                .max(Comparator.comparing(DistributionArchive::version));
    }

    private List<DistributionArchive> archives() throws InterruptedException {
        Optional<DistributionArchive> one = DistributionArchive.of(place);
        if (one.isPresent()) {
            return List.of(one.get());
        }
        List<DistributionArchive> found = new ArrayList<>();
        ObjectListing listing = ObjectListing.of(place);
        ObjectPage page = storage.list(listing);
        add(page, found);
        while (!page.continuation().isEmpty()) {
            page = storage.list(listing.after(page));
            add(page, found);
        }
        return found;
    }

    private static void add(ObjectPage page, List<DistributionArchive> found) {
        page.objects()
                .forEach(object -> DistributionArchive.of(object.address()).ifPresent(found::add));
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
