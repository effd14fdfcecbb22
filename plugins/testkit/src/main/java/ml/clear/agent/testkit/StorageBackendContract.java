// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link StorageBackend} must do. Cases that need a capability which the store lacks are skipped; the store must be
 * able to write.
 */
@Timeout(300) // for hangs
public abstract class StorageBackendContract extends StorageWritesContract {

    /** For subclasses. */
    protected StorageBackendContract() {}

    @Test
    final void listsAllObjectsOfAnyDepth() throws Exception {
        assumeTrue(can(StorageCapability.LIST), "the store lists nothing");
        List<StorageAddress> objects =
                Stream.of("a", "b/c", "b/d/e", "b-f", "z").map(this::resolved).toList();
        for (StorageAddress object : objects) {
            write(object, content(object.key().length(), 20));
        }

        List<StoredObject> listed = all(ObjectListing.below(place()));

        assertThat(listed).extracting(StoredObject::address).containsExactlyInAnyOrderElementsOf(objects);
        assertThat(listed).allSatisfy(object -> {
            assertThat(object.size()).isEqualTo(object.address().key().length());
            assertThat(object.entityTag()).isEqualTo(stat(object.address()).entityTag());
        });
    }

    @Test
    final void listsObjectsAndFoldersOfOneFolder() throws Exception {
        assumeTrue(can(StorageCapability.LIST), "the store lists nothing");
        for (String key : List.of("a", "b/c", "b/d/e", "b-f", "g/h")) {
            write(resolved(key), content(1, 21));
        }

        List<StorageAddress> objects = new ArrayList<>();
        List<StorageAddress> folders = new ArrayList<>();
        for (ObjectPage page : pages(ObjectListing.of(place()))) {
            page.objects().forEach(object -> objects.add(object.address()));
            folders.addAll(page.folders());
        }

        assertThat(objects).containsExactlyInAnyOrder(resolved("a"), resolved("b-f"));
        assertThat(folders).containsExactlyInAnyOrder(resolved("b/"), resolved("g/"));
    }

    @Test
    final void listsNothingBesideTheFolder() throws Exception {
        assumeTrue(can(StorageCapability.LIST), "the store lists nothing");
        write(resolved("folder/in"), content(1, 22));
        write(resolved("folder-beside"), content(1, 22));

        assertThat(all(ObjectListing.below(resolved("folder"))))
                .extracting(StoredObject::address)
                .containsExactly(resolved("folder/in"));
    }

    @Test
    final void anEmptyFolderHasOneEmptyPage() throws Exception {
        assumeTrue(can(StorageCapability.LIST), "the store lists nothing");

        ObjectPage page = backend().list(ObjectListing.below(resolved("nothing")));

        assertThat(page.objects()).isEmpty();
        assertThat(page.folders()).isEmpty();
        assertThat(page.continuation()).isEmpty();
    }

    @TestFactory
    final Stream<DynamicTest> pagesHoldEachObjectOnce() throws Exception {
        assumeTrue(can(StorageCapability.LIST), "the store lists nothing");
        List<StorageAddress> objects = IntStream.range(0, 12)
                .mapToObj(i -> resolved(i % 3 == 0 ? "pages/x/" + i : "pages/" + i))
                .toList();
        for (StorageAddress object : objects) {
            write(object, content(1, 23));
        }
        return IntStream.of(1, 5, 12, 100)
                .mapToObj(limit -> dynamicTest("pages of " + limit, () -> {
                    ObjectListing listing = new ObjectListing(resolved("pages"), true, "", limit);
                    List<ObjectPage> pages = pages(listing);

                    assertThat(pages)
                            .allSatisfy(page -> assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit));
                    assertThat(pages.stream()
                                    .flatMap(page -> page.objects().stream())
                                    .map(StoredObject::address))
                            .containsExactlyInAnyOrderElementsOf(objects);
                }));
    }
}
