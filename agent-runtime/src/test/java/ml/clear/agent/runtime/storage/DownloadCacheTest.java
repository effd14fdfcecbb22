// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.TransferProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCacheTest {

    @TempDir
    private Path folder;

    private StorageFixture fixture;

    @BeforeEach
    void create() {
        fixture = new StorageFixture(folder);
    }

    private Path local(Storage storage, String key, String user) throws Exception {
        return storage.localFile(StorageFixture.at(key), fixture.file(user), TransferProgress.NONE);
    }

    private void put(String key, int size) {
        fixture.store.objects.put(StorageFixture.at(key), StorageFixture.content(size));
    }

    private long reads() {
        return fixture.store.requests.stream()
                .filter(request -> request.startsWith("read"))
                .count();
    }

    private List<Path> entries() throws Exception {
        try (Stream<Path> files = Files.list(fixture.file("cache").resolve("agent/files"))) {
            return files.toList();
        }
    }

    @Test
    void anObjectIsFetchedOnceForAllTasks() throws Exception {
        put("model.bin", 500);
        Path first = local(fixture.usual(), "model.bin", "task-1");
        Path second = local(fixture.usual(), "model.bin", "task-2");

        assertThat(first).isEqualTo(fixture.file("task-1/model.bin")).hasBinaryContent(StorageFixture.content(500));
        assertThat(second).isEqualTo(fixture.file("task-2/model.bin")).hasBinaryContent(StorageFixture.content(500));
        assertThat(reads()).isEqualTo(1);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void aChangedObjectIsFetchedAnew() throws Exception {
        put("model.bin", 500);
        local(fixture.usual(), "model.bin", "task-1");
        put("model.bin", 501);

        assertThat(local(fixture.usual(), "model.bin", "task-2")).hasBinaryContent(StorageFixture.content(501));
        assertThat(reads()).isEqualTo(2);
    }

    @Test
    void theCacheHasNoMoreFilesThanConfigured() throws Exception {
        Storage storage = fixture.configured("sdk.storage.cache.default_cache_manager_size: 2");
        for (String key : List.of("a", "b", "c")) {
            put(key, 10);
            local(storage, key, "task");
            Thread.sleep(5); // times of files tell which was used last
            local(storage, "a", "task");
            Thread.sleep(5);
        }
        fixture.store.requests.clear();
        local(storage, "a", "task");
        assertThat(reads()).as("a was used last").isZero();
        local(storage, "b", "task");
        assertThat(reads()).as("b was not").isEqualTo(1);
        assertThat(entries()).hasSize(2);
    }

    @Test
    void theCacheTakesNoMoreSpaceThanConfiguredAndItsUsersKeepTheirFiles() throws Exception {
        Storage storage = fixture.configured("sdk.storage.cache.size.max_used_bytes: 1000");
        put("a", 600);
        put("b", 700);

        Path first = local(storage, "a", "task");
        local(storage, "b", "task");

        assertThat(entries()).hasSize(1);
        assertThat(first).hasBinaryContent(StorageFixture.content(600));
    }

    @Test
    void theCacheLeavesTheSpaceFreeThatIsConfigured() throws Exception {
        Storage storage = fixture.configured("sdk.storage.cache.size.min_free_bytes: 1000000000000000");
        put("a", 600);
        put("b", 700);

        local(storage, "a", "task");
        local(storage, "b", "task");

        assertThat(entries()).hasSize(1);
    }

    @Test
    void manyThatWantOneObjectAtOnceFetchItOnce() throws Exception {
        put("model.bin", 100_000);
        Storage storage = fixture.usual();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var users = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> local(storage, "model.bin", "task-" + i)))
                    .toList();
            for (var user : users) {
                assertThat(user.get()).hasBinaryContent(StorageFixture.content(100_000));
            }
        }
        assertThat(fixture.store.requests.stream().filter("read 0 1000"::equals))
                .hasSize(1);
    }

    @Test
    void filesOfDirectAccessAreUsedInPlace() throws Exception {
        Path file = fixture.file("data.bin", StorageFixture.content(10));
        StorageAddress address = StorageAddress.parse("file://" + file);
        fixture.store.objects.put(address, StorageFixture.content(10));

        Storage usual = fixture.usual();
        assertThat(usual.localFile(address, fixture.file("task"), TransferProgress.NONE))
                .isEqualTo(file);
        Storage others = fixture.configured("sdk.storage.direct_access: [{ url: \"file:///mnt/*\" }]");
        assertThat(others.localFile(address, fixture.file("task"), TransferProgress.NONE))
                .isEqualTo(fixture.file("task/data.bin"));
    }
}
