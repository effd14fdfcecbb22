// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * Keeps {@link ShippingProgress} on disk. Two slots are overwritten in turn, each with a number and a checksum, and the newest
 * whole one counts. Their blocks are taken at the start, so that it keeps working when the disk is full: shipping is
 * what frees it then. Survives the death of the process at any instant; after a power cut the last lines may come
 * twice.
 */
final class ShippedFile implements AutoCloseable {

    /** Room for the ends of this many events in one slot. */
    static final int MOST_EVENTS = 128;

    private static final String FORMAT = "1";
    private static final int SLOT_BYTES = 8 << 10;

    private final FileChannel channel;
    private long sequence;
    private ShippingProgress current;

    ShippedFile(Path path) throws IOException {
        channel = OwnerOnly.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        current = ShippingProgress.NOTHING;
        if (channel.size() < 2 * SLOT_BYTES) {
            writeAt(0, padded(new byte[0], 2 * SLOT_BYTES));
        }
        for (int slot = 0; slot < 2; slot++) {
            read(slot).filter(found -> found.sequence() > sequence).ifPresent(found -> {
                sequence = found.sequence();
                current = found.shipped();
            });
        }
    }

    ShippingProgress current() {
        return current;
    }

    void write(ShippingProgress next) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(FORMAT).append(' ').append(sequence + 1);
        append(text, next.position()).append(' ').append(next.lastTimestamp());
        next.intent().forEach(end -> append(text, end));
        byte[] payload = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] line = (checksum(payload) + " " + text + "\n").getBytes(StandardCharsets.US_ASCII);
        writeAt((sequence + 1) % 2 * SLOT_BYTES, padded(line, SLOT_BYTES));
        sequence++;
        current = next;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private record Slot(long sequence, ShippingProgress shipped) {}

    private Optional<Slot> read(int slot) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(SLOT_BYTES);
        channel.read(buffer, (long) slot * SLOT_BYTES);
        String line = new String(buffer.array(), StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("");
        List<String> words = Arrays.asList(line.split(" ", -1));
        if (words.size() < 6) {
            return Optional.empty();
        }
        byte[] payload = line.substring(words.getFirst().length() + 1).getBytes(StandardCharsets.US_ASCII);
        if (!words.getFirst().equals(checksum(payload)) || !words.get(1).equals(FORMAT)) {
            return Optional.empty();
        }
        List<SpoolPosition> intent = new ArrayList<>();
        for (int i = 6; i + 1 < words.size(); i += 2) {
            intent.add(position(words, i));
        }
        return Optional.of(new Slot(
                Long.parseLong(words.get(2)),
                new ShippingProgress(position(words, 3), Long.parseLong(words.get(5)), intent)));
    }

    private static SpoolPosition position(List<String> words, int at) {
        return new SpoolPosition(Long.parseLong(words.get(at)), Long.parseLong(words.get(at + 1)));
    }

    private static StringBuilder append(StringBuilder text, SpoolPosition position) {
        return text.append(' ').append(position.segment()).append(' ').append(position.offset());
    }

    private static String checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(payload);
        return Long.toHexString(crc.getValue());
    }

    private static byte[] padded(byte[] content, int size) {
        byte[] slot = Arrays.copyOf(content, size);
        Arrays.fill(slot, content.length, size, (byte) '\n');
        return slot;
    }

    private void writeAt(long place, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, place + buffer.position());
        }
    }
}
