// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Single objects: sizes, keys, ranges, facts. */
abstract class StorageObjectsContract extends StorageContractBase {

    private static final int LONGEST_KEY = 1024;

    @TestFactory
    final Stream<DynamicTest> keepsObjectsOfEverySize() throws Exception {
        long part = backend().limits(place()).partSize();
        return LongStream.of(0, 1, 2, 4095, 4096, 65_537, part - 1, part, part + 1)
                .mapToObj(size -> dynamicTest(size + " bytes", () -> {
                    byte[] content = content((int) size, 1);
                    StorageAddress object = place().resolve("size-" + size);

                    StoredObject stored = write(object, content);

                    assertThat(stored.size()).isEqualTo(size);
                    assertThat(read(object, ByteRange.ALL)).isEqualTo(content);
                    assertThat(stat(object).size()).isEqualTo(size);
                }));
    }

    @TestFactory
    final Stream<DynamicTest> keepsKeysAsTheyAre() throws Exception {
        StorageAddress place = place();
        return Stream.of(
                        "plain.bin",
                        "with space",
                        " space at both ends ",
                        "two  spaces",
                        "per%cent",
                        "already%20encoded",
                        "percent%25twice",
                        "plus+plus",
                        "hash#hash",
                        "question?mark",
                        "amper&sand=equals",
                        "semi;colon,comma",
                        "quo\"te'quote",
                        "brackets[1](2){3}",
                        "tilde~at@dollar$bang!",
                        "star*pipe|less<more>",
                        "back^tick`",
                        "unicode-äöü-ß",
                        "japanese-日本語",
                        "emoji-🚀",
                        "combining-e\u0301",
                        "deep/er/and/deeper/still",
                        ".hidden",
                        "name.",
                        longKey(place))
                .map(key -> dynamicTest(
                        key.length() > 60 ? "a key of " + LONGEST_KEY + " characters" : "'" + key + "'",
                        () -> keepsKey(place.resolve(key))));
    }

    private void keepsKey(StorageAddress object) throws Exception {
        byte[] content = content(10, object.key().hashCode());
        write(object, content);

        assertThat(stat(object).address()).isEqualTo(object);
        assertThat(read(object, ByteRange.ALL)).isEqualTo(content);
        if (can(StorageCapability.LIST)) {
            assertThat(all(ObjectListing.below(place())))
                    .extracting(StoredObject::address)
                    .contains(object);
        }
        if (can(StorageCapability.DELETE)) {
            backend().delete(object);
            assertThat(backend().stat(object)).isEmpty();
        }
    }

    private static String longKey(StorageAddress place) {
        int length = LONGEST_KEY - place.folderKey().length();
        StringBuilder key = new StringBuilder();
        while (key.length() < length) {
            key.append(key.length() % 100 == 99 ? '/' : 'k');
        }
        key.setCharAt(length - 1, 'k');
        return key.toString();
    }

    @TestFactory
    final Stream<DynamicTest> readsRanges() throws Exception {
        assumeTrue(can(StorageCapability.RANGES), "the store has no ranges");
        byte[] content = content(10_000, 2);
        StorageAddress object = place().resolve("ranges");
        write(object, content);
        return Stream.of(
                        new ByteRange(0, 1),
                        new ByteRange(0, 10_000),
                        new ByteRange(0, 20_000),
                        new ByteRange(1, 4096),
                        new ByteRange(9_999, 1),
                        new ByteRange(9_999, 10),
                        ByteRange.from(5_000),
                        ByteRange.from(9_999),
                        ByteRange.from(10_000),
                        new ByteRange(12_000, 5))
                .map(range -> dynamicTest(range.header(), () -> {
                    int first = (int) Math.min(range.first(), content.length);
                    int last = range.length() < 0
                            ? content.length
                            : (int) Math.min(content.length, range.first() + range.length());

                    try (ObjectContent part = backend().read(object, range)) {
                        assertThat(part.stream().readAllBytes())
                                .isEqualTo(Arrays.copyOfRange(content, first, Math.max(first, last)));
                        if (first < content.length) {
                            assertThat(part.object().size()).isEqualTo(content.length);
                        }
                    }
                }));
    }

    @Test
    final void aMissingObjectIsNotFound() throws Exception {
        StorageAddress missing = place().resolve("missing");

        assertThat(backend().stat(missing)).isEmpty();
        assertThatThrownBy(() -> backend().read(missing, ByteRange.ALL))
                .isInstanceOfSatisfying(AgentException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(failure).hasMessageContaining("missing");
                });
    }

    @Test
    final void aFolderIsNoObject() throws Exception {
        write(place().resolve("folder/object"), content(3, 3));

        assertThat(backend().stat(place().resolve("folder"))).isEmpty();
    }

    @Test
    final void deletingTwiceIsNoError() throws Exception {
        assumeTrue(can(StorageCapability.DELETE), "the store deletes nothing");
        StorageAddress object = place().resolve("deleted");
        write(object, content(3, 4));

        backend().delete(object);
        backend().delete(object);

        assertThat(backend().stat(object)).isEmpty();
    }

    @Test
    final void anObjectCanBeStoredAgainAfterItWasDeleted() throws Exception {
        assumeTrue(can(StorageCapability.DELETE), "the store deletes nothing");
        StorageAddress object = place().resolve("again/object");
        write(object, content(3, 5));
        backend().delete(object);

        write(object, content(4, 6));

        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(4, 6));
    }

    @Test
    final void theNewContentTakesThePlaceOfTheOld() throws Exception {
        StorageAddress object = place().resolve("replaced");
        write(object, content(100_000, 7));

        write(object, content(10, 8));

        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(10, 8));
    }

    @Test
    final void theEntityTagChangesWithTheContentAndOnlyThen() throws Exception {
        StorageAddress object = place().resolve("tagged");
        write(object, content(10, 9));
        String first = stat(object).entityTag();
        assumeTrue(!first.isEmpty(), "the store has no entity tags");

        assertThat(stat(object).entityTag()).isEqualTo(first);
        write(object, content(10, 10));
        assertThat(stat(object).entityTag()).isNotEqualTo(first);
    }

    @Test
    final void whatIsReadHasTheEntityTagOfWhatIsStored() throws Exception {
        StorageAddress object = place().resolve("tag-of-content");
        write(object, content(10, 11));

        try (ObjectContent content = backend().read(object, ByteRange.ALL)) {
            assertThat(content.object().entityTag()).isEqualTo(stat(object).entityTag());
        }
    }

    @Test
    final void theTimeOfAnObjectIsThatOfItsStorage() throws Exception {
        StorageAddress object = place().resolve("timed");
        Instant before = Instant.now().minusSeconds(120);
        write(object, content(1, 12));

        Instant modified = stat(object).modified();

        assertThat(modified.equals(Instant.EPOCH) || modified.isAfter(before))
                .as("%s", modified)
                .isTrue();
    }

    @Test
    final void checksumsAreThoseOfTheContent() throws Exception {
        byte[] content = content(1000, 13);
        StorageAddress object = place().resolve("summed");
        write(object, content);

        assertThat(stat(object).checksums())
                .allSatisfy(checksum -> assertThat(checksum).isEqualTo(Checksums.of(checksum.algorithm(), content)));
    }

    @Test
    final void anInterruptedWriteEndsAndStoresNothing() throws Exception {
        StorageAddress object = resolved("interrupted");
        CountDownLatch reading = new CountDownLatch(1);
        ObjectSource endless = ObjectSource.of(1L << 30, () -> new StalledStream(reading));
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<StoredObject> write = thread.submit(() -> backend().write(object, endless, WriteCondition.NONE));
            assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
            write.cancel(true);
            thread.shutdown();

            assertThat(thread.awaitTermination(60, TimeUnit.SECONDS))
                    .as("the write ended")
                    .isTrue();
        } finally {
            thread.shutdownNow();
        }
        assertThat(backend().stat(object)).isEmpty();
    }

    @Test
    final void closingAStreamEarlyLeavesTheBackendUsable() throws Exception {
        StorageAddress object = resolved("half-read");
        write(object, content(3_000_000, 28));
        for (int i = 0; i < 20; i++) {
            try (ObjectContent content = backend().read(object, ByteRange.ALL)) {
                assertThat(content.stream().readNBytes(10)).isEqualTo(Arrays.copyOf(content(3_000_000, 28), 10));
            }
        }

        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(3_000_000, 28));
    }

    @Test
    final void answersSeveralThreads() throws Exception {
        List<Long> sizes = together(8, i -> {
            StorageAddress object = resolved("thread-" + i);
            write(object, content(1000 + i, i));
            assertThat(read(object, ByteRange.ALL)).isEqualTo(content(1000 + i, i));
            return stat(object).size();
        });

        assertThat(sizes)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 8).mapToObj(i -> 1000L + i).toList());
    }

    @Test
    final void capabilitiesAreKnownWithoutTheStore() throws Exception {
        assertThat(backend().capabilities(place())).contains(StorageCapability.WRITE);
        assertThat(backend().limits(place()).partSize()).isPositive();
    }
}
