// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;
import ml.clear.agent.testkit.StorageBackendContract;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the emulator of Google Cloud Storage. */
@Tag("thorough")
class GcsStorageIT extends StorageBackendContract {

    private static final AtomicInteger PLACES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static GcsServer server;

    private final String place = "place " + PLACES.incrementAndGet();
    private StorageBackend storage;

    @BeforeAll
    static void startServer() throws Exception {
        server = GcsServer.start(folder);
        server.bucket("bucket");
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void create() {
        storage = storage(TestSettings.defaults());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private static GcsStorage storage(TestSettings settings) {
        return GcsStorage.of(TestContext.in(folder)
                .with(settings)
                .with(Map.of("STORAGE_EMULATOR_HOST", server.address().replace("http://", ""))));
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    @Override
    protected StorageAddress place() {
        return StorageAddress.parse("gs://bucket/" + place);
    }

    @Test
    void moreThanThirtyTwoPartsAreComposedInLevels() throws Exception {
        StorageAddress object = place().resolve("composed");
        byte[] whole = new byte[70];
        try (PartedWrite write = storage.writeInParts(object, whole.length, WriteCondition.ABSENT)
                .orElseThrow()) {
            for (int i = whole.length; i >= 1; i--) {
                whole[i - 1] = (byte) i;
                write.send(i, ObjectSource.of(new byte[] {(byte) i}));
            }
            StoredObject stored = write.complete();

            assertThat(stored.size()).isEqualTo(whole.length);
            assertThat(stored.checksums()).extracting(Checksum::algorithm).containsExactly(Checksum.Algorithm.CRC32C);
        }
        assertThat(storage.read(object, ByteRange.ALL).stream().readAllBytes()).isEqualTo(whole);
        assertNoPartsAreLeft();
    }

    private void assertNoPartsAreLeft() throws InterruptedException {
        StorageAddress parts = StorageAddress.parse("gs://bucket/" + GcsParts.FOLDER);
        assertThat(storage.list(ObjectListing.below(parts)).objects()).isEmpty();
    }

    @Test
    void partsAreListedOnlyWhereTheyAreAskedFor() throws Exception {
        StorageAddress parts = StorageAddress.parse("gs://bucket/" + GcsParts.FOLDER);
        try (PartedWrite write = storage.writeInParts(place().resolve("open"), -1, WriteCondition.NONE)
                .orElseThrow()) {
            write.send(1, ObjectSource.of(new byte[3]));

            assertThat(storage.list(ObjectListing.below(parts)).objects()).hasSize(1);
            assertThat(storage.list(ObjectListing.below(StorageAddress.parse("gs://bucket/")))
                            .objects())
                    .noneMatch(object -> object.address().key().contains(GcsParts.FOLDER));
            assertThat(storage.list(ObjectListing.of(StorageAddress.parse("gs://bucket/")))
                            .folders())
                    .noneMatch(folder -> folder.key().contains(GcsParts.FOLDER));
        }
        assertNoPartsAreLeft();
    }

    @Test
    void withoutPartsALargeObjectGoesInOneRequest() throws Exception {
        TestSettings whole = TestSettings.defaults()
                .with(GcsSettings.CREDENTIALS, List.of(Map.of("bucket", "bucket", "multipart", "false")));
        try (GcsStorage single = storage(whole)) {
            assertThat(single.writeInParts(place().resolve("large"), 1L << 30, WriteCondition.NONE))
                    .isEmpty();
            StoredObject stored =
                    single.write(place().resolve("large"), ObjectSource.of(new byte[20 << 20]), WriteCondition.NONE);

            assertThat(stored.size()).isEqualTo(20 << 20);
        }
    }

    @Test
    void contentThatChangesWhileItIsSentIsRefusedByTheStore() {
        StorageAddress object = place().resolve("changing");
        AtomicInteger opened = new AtomicInteger();
        ObjectSource changing =
                ObjectSource.of(100, () -> new ByteArrayInputStream(new byte[100 + opened.getAndIncrement()]));

        assertThatThrownBy(() -> storage.write(object, changing, WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DAMAGED))
                .hasMessageEndingWith("it was damaged on its way");
    }

    @Test
    void aMissingBucketIsToldFromAMissingObject() {
        StorageAddress elsewhere = StorageAddress.parse("gs://missing-bucket/a");

        assertThatThrownBy(() -> storage.write(elsewhere, ObjectSource.of(new byte[1]), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> storage.read(place().resolve("none"), ByteRange.ALL))
                .hasMessage("there is no '" + place().resolve("none") + "'; check the address");
    }

    @Test
    void aStreamThatIsClosedEarlyDoesNotReadTheRest() throws IOException, InterruptedException {
        StorageAddress object = place().resolve("long");
        storage.write(object, ObjectSource.of(new byte[64 << 20]), WriteCondition.NONE);
        long before = System.nanoTime();

        for (int i = 0; i < 20; i++) {
            storage.read(object, ByteRange.ALL).close();
        }

        assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
    }
}
