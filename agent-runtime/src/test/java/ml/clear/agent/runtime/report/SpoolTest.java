// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private final Path folder;

    SpoolTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void writerGoesOnToNextSegmentsAndReaderFollows() throws IOException {
        try (SpoolWriter writer = new SpoolWriter(folder, 20)) {
            for (int i = 0; i < 10; i++) {
                assertThat(writer.write("line number " + i)).isTrue();
            }
        }
        assertThat(new SpoolSegments(folder).numbers()).hasSize(5);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("00000004.log"))))
                .isEqualTo("rw-------");
        try (SpoolReader reader = new SpoolReader(new SpoolSegments(folder), SpoolPosition.START)) {
            assertThat(read(reader).lines())
                    .hasSize(10)
                    .startsWith("line number 0")
                    .endsWith("line number 9");
            assertThat(reader.position().segment()).isEqualTo(4);
        }
    }

    @Test
    void writerGoesOnWhenTheNextSegmentCouldNotBeMadeForAWhile() throws IOException {
        Path inTheWay = folder.resolve("00000001.log");
        try (SpoolWriter writer = new SpoolWriter(folder, 5)) {
            Files.createDirectory(inTheWay);
            assertThat(writer.write("first")).isTrue();
            assertThat(writer.write("not there")).isFalse();
            Files.delete(inTheWay);
            assertThat(writer.write("second")).isTrue();
        }
        assertThat(folder.resolve("00000000.log")).hasContent("first\n");
        assertThat(inTheWay).hasContent("second\n");
    }

    @Test
    void interruptingAWriterClosesNothing() throws IOException {
        try (SpoolWriter writer = new SpoolWriter(folder)) {
            Thread.currentThread().interrupt();
            assertThat(writer.write("said while interrupted")).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(writer.write("and after")).isTrue();
        }
        assertThat(folder.resolve("00000000.log")).hasContent("said while interrupted\nand after\n");
    }

    @Test
    void thousandsOfSegmentsAreReadAndDeletedWithoutListingThemEachTime() throws IOException {
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve(String.format("%08d.log", i + 5)), "segment " + i + "\n");
        }
        SpoolSegments segments = new SpoolSegments(folder);
        long start = System.nanoTime();
        try (SpoolReader reader = new SpoolReader(segments, new SpoolPosition(3, 17))) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 10);
            int read = 0;
            while (reader.read(buffer.clear()) > 0) {
                assertThat(StandardCharsets.UTF_8.decode(buffer.flip()).toString())
                        .isEqualTo("segment " + read++ + "\n");
                segments.deleteBefore(reader.position().segment());
            }
            assertThat(read).isEqualTo(count);
        }
        assertThat(segments.numbers()).containsExactly(count + 4L);
        // Listing them for each would take minutes.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void nextWriterBeginsOnALineOfItsOwn() throws IOException {
        Files.writeString(folder.resolve("00000007.log"), "no end");
        try (SpoolWriter writer = new SpoolWriter(folder)) {
            assertThat(writer.write("mine")).isTrue();
        }
        assertThat(folder.resolve("00000008.log")).hasContent("\nmine\n");
    }

    @Test
    void readerFindsWhatWasWrittenToASegmentBeforeTheNextBegan() throws IOException {
        Path first = folder.resolve("00000000.log");
        Files.writeString(first, "a");
        try (SpoolReader reader = new SpoolReader(new SpoolSegments(folder), SpoolPosition.START)) {
            assertThat(read(reader)).isEqualTo("a");
            Files.writeString(first, "b", StandardOpenOption.APPEND);
            Files.writeString(folder.resolve("00000001.log"), "c");
            assertThat(read(reader)).isEqualTo("bc");
            assertThat(read(reader)).isEmpty();
        }
    }

    @Test
    void emptySpoolIsNoError() throws IOException {
        try (SpoolReader reader = new SpoolReader(new SpoolSegments(folder), new SpoolPosition(3, 5))) {
            assertThat(read(reader)).isEmpty();
        }
    }

    @Test
    void shippedIsReadBackAndTheOlderSlotServesWhenTheNewerIsTorn() throws IOException {
        Path path = folder.resolve("shipped");
        List<SpoolPosition> ends = LongStream.range(0, ShippedFile.MOST_EVENTS)
                .mapToObj(i -> new SpoolPosition(99_999_999, (16L << 20) + i))
                .toList();
        ShippingProgress first = new ShippingProgress(new SpoolPosition(1, 2), 1_800_000_000_000L, ends);
        ShippingProgress second = new ShippingProgress(new SpoolPosition(3, 4), 1_800_000_000_001L, List.of());
        try (ShippedFile file = new ShippedFile(path)) {
            assertThat(file.current()).isEqualTo(ShippingProgress.NOTHING);
            file.write(second);
            file.write(first);
        }
        long size = Files.size(path);
        try (ShippedFile file = new ShippedFile(path)) {
            assertThat(file.current()).isEqualTo(first);
            file.write(second);
        }
        assertThat(Files.size(path)).isEqualTo(size);
        try (FileChannel torn = FileChannel.open(path, StandardOpenOption.WRITE)) {
            torn.write(ByteBuffer.wrap("garbage".getBytes(StandardCharsets.US_ASCII)), size / 2 + 12);
        }
        try (ShippedFile file = new ShippedFile(path)) {
            assertThat(file.current()).isEqualTo(first);
            assertThat(file.current().firstTimestamp()).isEqualTo(1_800_000_000_000L - 127);
        }
    }

    private static String read(SpoolReader reader) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        StringBuilder text = new StringBuilder();
        while (reader.read(buffer.clear()) > 0) {
            text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
        return text.toString();
    }
}
