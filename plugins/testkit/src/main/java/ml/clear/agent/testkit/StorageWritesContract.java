// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Conditions, parts, copies, and several writers. */
abstract class StorageWritesContract extends StorageObjectsContract {

    @Test
    final void writesOnlyWhatIsAbsentWhenAsked() throws Exception {
        assumeTrue(can(StorageCapability.CONDITIONS), "the store has no conditions");
        StorageAddress object = place().resolve("absent");

        backend().write(object, ObjectSource.of(content(5, 14)), WriteCondition.ABSENT);
        conflicts(object, WriteCondition.ABSENT);

        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(5, 14));
    }

    @Test
    final void writesOnlyOverWhatWasSeenWhenAsked() throws Exception {
        assumeTrue(can(StorageCapability.CONDITIONS), "the store has no conditions");
        StorageAddress object = place().resolve("seen");
        write(object, content(5, 15));
        String seen = stat(object).entityTag();

        backend().write(object, ObjectSource.of(content(6, 16)), new WriteCondition.Matches(seen));
        conflicts(object, new WriteCondition.Matches(seen));

        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(6, 16));
    }

    @Test
    final void anObjectThatIsGoneMatchesNothing() throws Exception {
        assumeTrue(can(StorageCapability.CONDITIONS), "the store has no conditions");
        StorageAddress object = place().resolve("gone");
        write(object, content(5, 17));
        String seen = stat(object).entityTag();
        backend().delete(object);

        assertThatThrownBy(() ->
                        backend().write(object, ObjectSource.of(content(5, 17)), new WriteCondition.Matches(seen)))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND));
        assertThat(backend().stat(object)).isEmpty();
    }

    @Test
    final void aConditionThatTheStoreCannotKeepIsRefused() throws Exception {
        assumeTrue(!can(StorageCapability.CONDITIONS), "the store has conditions");
        StorageAddress object = place().resolve("unconditional");

        assertThatThrownBy(() -> backend().write(object, ObjectSource.of(content(1, 18)), WriteCondition.ABSENT))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
        assertThat(backend().stat(object)).isEmpty();
    }

    @Test
    final void oneOfManyWritersOfAnAbsentObjectWins() throws Exception {
        assumeTrue(can(StorageCapability.CONDITIONS), "the store has no conditions");
        StorageAddress object = place().resolve("raced");

        List<Optional<Integer>> winners = together(8, writer -> {
            try {
                backend().write(object, ObjectSource.of(content(1000, writer)), WriteCondition.ABSENT);
                return Optional.of(writer);
            } catch (AgentException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                return Optional.empty();
            }
        });

        List<Integer> won = winners.stream().flatMap(Optional::stream).toList();
        assertThat(won).hasSize(1);
        assertThat(read(object, ByteRange.ALL)).isEqualTo(content(1000, won.getFirst()));
    }

    @Test
    final void readersSeeOneOfManyWritersContentsWhole() throws Exception {
        StorageAddress object = place().resolve("rewritten");
        write(object, content(50_000, 0));

        together(6, writer -> {
            if (writer % 2 == 0) {
                return write(object, content(50_000, writer)).size();
            }
            byte[] seen = read(object, ByteRange.ALL);
            assertThat(seen).isIn(content(50_000, 0), content(50_000, 2), content(50_000, 4));
            return (long) seen.length;
        });
    }

    @TestFactory
    final Stream<DynamicTest> storesPartsInAnyOrder() throws Exception {
        Optional<PartedWrite> probe = backend().writeInParts(resolved("parts/probe"), -1, WriteCondition.NONE);
        assumeTrue(probe.isPresent(), "the store has no parts");
        int part = (int) probe.get().partSize();
        probe.get().close();
        return IntStream.of(1, part - 1, part, part + 1, 2 * part + 1)
                .mapToObj(size -> dynamicTest(size + " bytes", () -> {
                    byte[] content = content(size, 24);
                    StorageAddress object = resolved("parts/" + size);

                    StoredObject stored = inParts(object, content, part);

                    assertThat(stored.size()).isEqualTo(size);
                    assertThat(read(object, ByteRange.ALL)).isEqualTo(content);
                }));
    }

    private StoredObject inParts(StorageAddress object, byte[] content, int part) throws Exception {
        try (PartedWrite write = backend()
                .writeInParts(object, content.length, WriteCondition.NONE)
                .orElseThrow()) {
            int parts = (content.length + part - 1) / part;
            for (int number = parts; number >= 1; number--) {
                byte[] bytes =
                        Arrays.copyOfRange(content, (number - 1) * part, Math.min(content.length, number * part));
                write.send(number, ObjectSource.of(bytes));
                if (number == parts) {
                    write.send(number, ObjectSource.of(bytes)); // sent again, as after a failure
                }
            }
            assertThat(backend().stat(object)).as("before it is complete").isEmpty();
            return write.complete();
        }
    }

    @Test
    final void anIncompleteObjectIsNeverSeen() throws Exception {
        StorageAddress object = resolved("incomplete");
        Optional<PartedWrite> write = backend().writeInParts(object, -1, WriteCondition.NONE);
        assumeTrue(write.isPresent(), "the store has no parts");

        write.get().send(1, ObjectSource.of(content(10, 25)));
        write.get().close();
        write.get().close();

        assertThat(backend().stat(object)).isEmpty();
        if (can(StorageCapability.LIST)) {
            assertThat(all(ObjectListing.below(place()))).isEmpty();
        }
    }

    @Test
    final void aCopyHasTheContentOfTheSource() throws Exception {
        StorageAddress source = resolved("copy/source + 1%");
        write(source, content(70_000, 26));

        Optional<StoredObject> copy = backend().copy(source, resolved("copy/target #2"), WriteCondition.NONE);

        assumeTrue(copy.isPresent(), "the store copies nothing");
        assertThat(copy.get().size()).isEqualTo(70_000);
        assertThat(read(resolved("copy/target #2"), ByteRange.ALL)).isEqualTo(content(70_000, 26));
    }

    @Test
    final void aMissingSourceIsNotCopied() throws Exception {
        write(resolved("copy/there"), content(1, 27));
        assumeTrue(
                backend()
                        .copy(resolved("copy/there"), resolved("copy/target"), WriteCondition.NONE)
                        .isPresent(),
                "the store copies nothing");

        assertThatThrownBy(() -> backend().copy(resolved("copy/missing"), resolved("copy/x"), WriteCondition.NONE))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    private void conflicts(StorageAddress object, WriteCondition condition) {
        assertThatThrownBy(() -> backend().write(object, ObjectSource.of(content(9, 19)), condition))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
    }
}
