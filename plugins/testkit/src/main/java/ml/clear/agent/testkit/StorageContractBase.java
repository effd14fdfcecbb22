// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;

/** The store under test, and what the cases of the suite do with it. */
abstract class StorageContractBase {

    StorageContractBase() {}

    /** The backend under test; the test does not close it. */
    protected abstract StorageBackend backend() throws Exception;

    /** An empty folder in the store that no other test uses, the same one for each call in a test. */
    protected abstract StorageAddress place() throws Exception;

    final boolean can(StorageCapability capability) throws Exception {
        return backend().capabilities(place()).contains(capability);
    }

    final StorageAddress resolved(String key) {
        try {
            return place().resolve(key);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    final StoredObject write(StorageAddress object, byte[] content) throws Exception {
        return backend().write(object, ObjectSource.of(content), WriteCondition.NONE);
    }

    final byte[] read(StorageAddress object, ByteRange range) throws Exception {
        try (ObjectContent content = backend().read(object, range)) {
            return content.stream().readAllBytes();
        }
    }

    final StoredObject stat(StorageAddress object) throws Exception {
        return backend().stat(object).orElseThrow(() -> new AssertionError("no object " + object));
    }

    final List<StoredObject> all(ObjectListing listing) throws Exception {
        return pages(listing).stream().flatMap(page -> page.objects().stream()).toList();
    }

    final List<ObjectPage> pages(ObjectListing listing) throws Exception {
        List<ObjectPage> pages = new ArrayList<>();
        ObjectPage page = backend().list(listing);
        pages.add(page);
        while (!page.continuation().isEmpty()) {
            page = backend().list(listing.after(page));
            pages.add(page);
            assertThat(pages).hasSizeLessThan(1000);
        }
        return pages;
    }

    static <T> List<T> together(int threads, Attempt<T> attempt) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> attempts = IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(() -> {
                        start.await();
                        return attempt.run(i);
                    }))
                    .toList();
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : attempts) {
                results.add(each.get());
            }
            return results;
        }
    }

    /** The same bytes for the same seed; no two seeds give the same. */
    static byte[] content(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** What one of several threads does. */
    @FunctionalInterface
    interface Attempt<T> {
        T run(int number) throws Exception;
    }
}
