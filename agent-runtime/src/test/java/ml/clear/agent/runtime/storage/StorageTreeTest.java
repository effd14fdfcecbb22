// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StorageTreeTest {

    @TempDir
    private Path folder;

    private final List<String> done = new CopyOnWriteArrayList<>();
    private StorageFixture fixture;
    private StorageTree tree;

    @BeforeEach
    void create() throws Exception {
        fixture = new StorageFixture(folder);
        tree = new StorageTree(fixture.usual(), new StorageTree.Listener() {
            @Override
            public TransferProgress copying(StoredObject source, StorageAddress target) {
                return TransferProgress.NONE;
            }

            @Override
            public void copied(StoredObject source, StorageAddress target) {
                done.add("+" + target.key());
            }

            @Override
            public void deleted(StorageAddress object) {
                done.add("-" + object.key());
            }
        });
    }

    private void put(String key, int size) {
        fixture.store.objects.put(StorageFixture.at(key), StorageFixture.content(size));
    }

    private byte[] get(String key) {
        return Objects.requireNonNull(fixture.store.objects.get(StorageFixture.at(key)));
    }

    @Test
    void aTargetWithASlashIsAFolder() throws Exception {
        put("a/x", 5);

        assertThat(tree.copy(StorageFixture.at("a/x"), StorageFixture.at("b/"))).isEqualTo(StorageFixture.at("b/x"));
        assertThat(tree.copy(StorageFixture.at("a/x"), StorageFixture.at("b"))).isEqualTo(StorageFixture.at("b"));
        assertThat(get("b/x")).isEqualTo(get("a/x"));
    }

    @Test
    void aFolderIsCopiedOnlyWhenAsked() throws Exception {
        put("a/x", 5);
        put("a/y/z", 6);

        assertThatThrownBy(() -> tree.copy(StorageFixture.at("a"), StorageFixture.at("b")))
                .hasMessage("there is no object 'mem://store/a'; --recursive copies what lies below a folder");
        assertThat(tree.copyAll(StorageFixture.at("a"), StorageFixture.at("b"))).isEqualTo(2);
        assertThat(get("b/y/z")).isEqualTo(get("a/y/z"));
    }

    @Test
    @Timeout(60) // for a hang
    void smallObjectsMoveSideBySideAndNoMoreThanTheStoreAllows() throws Exception {
        int limit = fixture.store.limits.concurrency();
        for (int i = 0; i < 5 * limit; i++) {
            put("a/" + i, 10 + i);
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(limit);
        fixture.store.gate = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            full.countDown();
            try {
                full.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running.decrementAndGet();
        };

        assertThat(tree.copyAll(StorageFixture.at("a"), StorageFixture.at("b"))).isEqualTo(5L * limit);
        assertThat(most).hasValue(limit);
        assertThat(tree.deleteAll(StorageFixture.at("a"))).isEqualTo(5L * limit);
        assertThat(most).hasValue(limit);
        assertThat(fixture.store.objects).hasSize(5 * limit);
    }

    @Test
    void oneObjectThatFailsEndsTheCopy() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("a/" + i, 10);
        }
        fixture.store.failures.add(ErrorCode.ACCESS_DENIED);

        assertThatThrownBy(() -> tree.copyAll(StorageFixture.at("a"), StorageFixture.at("b")))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    @Test
    void onlyWhatDiffersIsSynchronised() throws Exception {
        put("a/same", 5);
        put("b/same", 5);
        put("a/larger", 7);
        put("b/larger", 6);
        put("a/new", 1);
        put("b/old", 1);

        assertThat(tree.synchronise(StorageFixture.at("a"), StorageFixture.at("b"), false))
                .isEqualTo(2);
        assertThat(done).containsExactlyInAnyOrder("+b/larger", "+b/new");
        assertThat(tree.synchronise(StorageFixture.at("a"), StorageFixture.at("b"), true))
                .isEqualTo(1);
        assertThat(done).contains("-b/old");
        assertThat(tree.synchronise(StorageFixture.at("a"), StorageFixture.at("b"), true))
                .isZero();
    }

    @Test
    void aProbeSaysWhichStepFailed() throws Exception {
        List<StorageProbe.Step> steps = new ArrayList<>();
        assertThat(new StorageProbe(fixture.usual(), StorageFixture.at("place")).run(steps::add))
                .isTrue();
        assertThat(steps).extracting(StorageProbe.Step::name).containsExactly("write", "read", "list", "delete");
        assertThat(fixture.store.objects).isEmpty();

        steps.clear();
        fixture.store.failures.add(ErrorCode.ACCESS_DENIED);
        assertThat(new StorageProbe(fixture.usual(), StorageFixture.at("place")).run(steps::add))
                .isFalse();
        assertThat(steps).containsExactly(new StorageProbe.Step("write", "the store fails with ACCESS_DENIED", true));
    }
}
