// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferTest {

    private static final StorageAddress OBJECT = StorageFixture.at("folder/object");

    @TempDir
    private Path folder;

    private StorageFixture fixture;
    private MemoryStore store;

    @BeforeEach
    void create() {
        fixture = new StorageFixture(folder);
        store = fixture.store;
    }

    private StoredObject store(byte[] content) throws Exception {
        return fixture.usual()
                .store(fixture.file("source", content), OBJECT, WriteCondition.NONE, TransferProgress.NONE);
    }

    private byte[] fetch() throws Exception {
        Path target = fixture.file("target");
        fixture.usual().fetch(OBJECT, target, TransferProgress.NONE);
        return Files.readAllBytes(target);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("."))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 4000, 10_001})
    void filesOfEverySizeGoUpAndComeDown(int size) throws Exception {
        byte[] content = StorageFixture.content(size);

        assertThat(store(content).size()).isEqualTo(size);
        assertThat(fetch()).isEqualTo(content);
        assertThat(left()).isEmpty();
        assertThat(store.requests.contains("write")).isEqualTo(size < 1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 10_001})
    void streamsOfEverySizeAreStored(int size) throws Exception {
        byte[] content = StorageFixture.content(size);

        fixture.usual().store(new ByteArrayInputStream(content), OBJECT, WriteCondition.NONE, TransferProgress.NONE);

        assertThat(store.objects.get(OBJECT)).isEqualTo(content);
    }

    @Test
    void aStreamForAStoreWithoutPartsIsKeptInAFileFirst() throws Exception {
        store.hasParts = false;
        byte[] content = StorageFixture.content(5000);

        fixture.usual().store(new ByteArrayInputStream(content), OBJECT, WriteCondition.NONE, TransferProgress.NONE);

        assertThat(store.objects.get(OBJECT)).isEqualTo(content);
        assertThat(store.requests).containsOnly("write");
    }

    @Test
    void retriesAreAsManyAndAsFarApartAsConfigured() throws Exception {
        store.objects.put(OBJECT, StorageFixture.content(10));
        Storage storage = fixture.configured(
                "sdk.network.iteration { max_retries_on_server_error: 3, retry_backoff_factor_sec: 0.5 }");
        IntStream.range(0, 4).forEach(_ -> store.failures.add(ErrorCode.THROTTLED));

        assertThatThrownBy(() -> storage.delete(OBJECT))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.THROTTLED))
                .hasMessage("the store fails with THROTTLED (tried 4 times)");
        assertThat(fixture.waits)
                .containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(2000));
    }

    @Test
    void onlyFailuresThatMayPassAreRetried() throws Exception {
        store.failures.add(ErrorCode.ACCESS_DENIED);

        assertThatThrownBy(() -> fixture.usual().delete(OBJECT)).hasMessage("the store fails with ACCESS_DENIED");
        assertThat(fixture.waits).isEmpty();
        assertThat(store.requests).hasSize(1);
    }

    @Test
    void aPartThatFailsIsSentAgainAndNoOther() throws Exception {
        store.failures.add(ErrorCode.SERVER_UNAVAILABLE);
        byte[] content = StorageFixture.content(3500);

        store(content);

        assertThat(store.objects.get(OBJECT)).isEqualTo(content);
        assertThat(store.requests.stream().filter(request -> request.startsWith("part")))
                .hasSize(5);
    }

    @Test
    void aDownloadThatBreaksOffGoesOnWhereItEnded() throws Exception {
        byte[] content = StorageFixture.content(900);
        store.objects.put(OBJECT, content);
        store.cuts.addAll(List.of(100, 250));

        assertThat(fetch()).isEqualTo(content);
        assertThat(store.requests).containsExactly("stat", "read 0 -1", "read 100 800", "read 350 550");
    }

    @Test
    void aDownloadThatWasGivenUpGoesOnInALaterProcess() throws Exception {
        byte[] content = StorageFixture.content(10_000);
        store.objects.put(OBJECT, content);
        store.limits = new TransferLimits(1000, 1000, 1);
        Storage hopeless = fixture.configured("sdk.network.iteration.max_retries_on_server_error: 0");
        store.cuts.addAll(List.of(1000, 1000, 1000, 10));
        assertThatThrownBy(() -> hopeless.fetch(OBJECT, fixture.file("target"), TransferProgress.NONE))
                .hasMessageStartingWith("the transfer of 'mem://store/folder/object' broke off");
        assertThat(fixture.file("target")).doesNotExist();
        store.requests.clear();

        List<Long> done = new CopyOnWriteArrayList<>();
        fixture.usual().fetch(OBJECT, fixture.file("target"), (moved, total) -> done.add(moved));

        assertThat(fixture.file("target")).hasBinaryContent(content);
        assertThat(store.requests)
                .hasSize(8)
                .contains("read 3000 1000")
                .doesNotContain("read 0 1000", "read 1000 1000", "read 2000 1000");
        assertThat(done).endsWith(10_000L);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatArrivedOfAnObjectThatHasChangedIsNotUsed() throws Exception {
        store.objects.put(OBJECT, StorageFixture.content(3000));
        Storage hopeless = fixture.configured("sdk.network.iteration.max_retries_on_server_error: 0");
        store.limits = new TransferLimits(1000, 1000, 1);
        store.cuts.addAll(List.of(1000, 10));
        assertThatThrownBy(() -> hopeless.fetch(OBJECT, fixture.file("target"), TransferProgress.NONE))
                .isInstanceOf(AgentException.class);
        byte[] other = new byte[3000];
        store.objects.put(OBJECT, other);

        assertThat(fetch()).isEqualTo(other);
    }

    @Test
    void anObjectThatIsReplacedWhileItIsFetchedIsAnError() throws Exception {
        store.limits = new TransferLimits(1000, 1000, 1);
        store.objects.put(OBJECT, StorageFixture.content(3000));

        assertThatThrownBy(() -> fixture.usual()
                        .fetch(
                                OBJECT,
                                fixture.file("target"),
                                (done, total) -> store.objects.put(OBJECT, new byte[3000])))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessage("'mem://store/folder/object' was replaced while it was fetched; fetch it again");
        assertThat(fixture.file("target")).doesNotExist();
    }

    @Test
    void aDamagedObjectIsAnErrorAndNoFile() throws Exception {
        store.objects.put(OBJECT, StorageFixture.content(3000));
        store.checksums.put(OBJECT, List.of(new Checksum(Checksum.Algorithm.CRC32C, "00000001")));

        assertThatThrownBy(() -> fixture.usual().fetch(OBJECT, fixture.file("target"), TransferProgress.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageContaining("its checksum differs; store it again (tried 6 times)");
        assertThat(fixture.file("target")).doesNotExist();
        assertThat(left()).isEmpty();
    }

    @Test
    void anUploadThatArrivesDamagedIsAnError() throws Exception {
        store.checksums.put(OBJECT, List.of(new Checksum(Checksum.Algorithm.SHA256, "00")));

        assertThatThrownBy(() -> store(StorageFixture.content(10)))
                .hasMessageContaining("was damaged on its way to the store: its checksum differs");
    }

    @Test
    void everyKindOfChecksumIsCompared() throws Exception {
        store.objects.put(OBJECT, "123456789".getBytes(StandardCharsets.US_ASCII));
        for (Checksum known : List.of(
                new Checksum(Checksum.Algorithm.CRC32, "cbf43926"),
                new Checksum(Checksum.Algorithm.CRC32C, "e3069283"),
                new Checksum(Checksum.Algorithm.MD5, "25f9e794323b453885f5181f1b624d0b"),
                new Checksum(Checksum.Algorithm.SHA1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
                new Checksum(
                        Checksum.Algorithm.SHA256,
                        "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"))) {
            store.checksums.put(OBJECT, List.of(known));
            assertThat(fetch()).hasSize(9);
        }
    }

    @Test
    void aStoreWithoutRangesIsReadFromTheStartAgain() throws Exception {
        store.capabilities.remove(StorageCapability.RANGES);
        byte[] content = StorageFixture.content(5000);
        store.objects.put(OBJECT, content);
        store.cuts.add(1234);

        assertThat(fetch()).isEqualTo(content);
        assertThat(store.requests).containsExactly("stat", "read 0 -1", "read 0 -1");
    }

    @Test
    void twoTransfersIntoOnePlaceDoNotMixTheirBytes() throws Exception {
        byte[] content = StorageFixture.content(50_000);
        store.objects.put(OBJECT, content);
        Storage storage = fixture.usual();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var fetches = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        return storage.fetch(OBJECT, fixture.file("target"), TransferProgress.NONE);
                    }))
                    .toList();
            start.countDown();
            for (var fetch : fetches) {
                fetch.get();
            }
        }

        assertThat(fixture.file("target")).hasBinaryContent(content);
        assertThat(left()).isEmpty();
    }

    @Test
    void progressEndsWithAllBytesAlsoWhenPartsAreSentAgain() throws Exception {
        List<Long> done = new CopyOnWriteArrayList<>();
        store.failures.addAll(List.of(ErrorCode.THROTTLED, ErrorCode.THROTTLED));

        fixture.usual()
                .store(
                        fixture.file("source", StorageFixture.content(4200)),
                        OBJECT,
                        WriteCondition.NONE,
                        (moved, total) -> {
                            assertThat(total).isEqualTo(4200);
                            done.add(moved);
                        });

        assertThat(done).endsWith(4200L).allSatisfy(moved -> assertThat(moved).isBetween(0L, 4200L));
    }

    @Test
    void aFailedUploadInPartsLeavesNoParts() throws Exception {
        IntStream.range(0, 20).forEach(_ -> store.failures.add(ErrorCode.ACCESS_DENIED));

        assertThatThrownBy(() -> store(StorageFixture.content(3000))).hasMessageContaining("ACCESS_DENIED");
        assertThat(store.requests).endsWith("close");
        assertThat(store.objects).isEmpty();
    }

    @Test
    void anObjectIsWrittenToAStreamOnceEvenIfItBreaksOff() throws Exception {
        byte[] content = StorageFixture.content(900);
        store.objects.put(OBJECT, content);
        store.cuts.add(300);
        var out = new ByteArrayOutputStream();

        fixture.usual().copyTo(OBJECT, out, TransferProgress.NONE);

        assertThat(out.toByteArray()).isEqualTo(content);
    }
}
