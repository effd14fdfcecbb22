// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of a stream, up to its capacity. For one thread at a time. */
final class TailBuffer {

    private final int capacity;
    private ByteArrayOutputStream older = new ByteArrayOutputStream();
    private ByteArrayOutputStream newer = new ByteArrayOutputStream();

    TailBuffer(int capacity) {
        this.capacity = capacity;
    }

    void append(byte[] bytes, int length) {
        newer.write(bytes, 0, length);
        if (newer.size() >= capacity) {
            older = newer;
            newer = new ByteArrayOutputStream();
        }
    }

    /** The last bytes as text; a character that the cut would split is left out. */
    String text() {
        byte[] tail = new byte[older.size() + newer.size()];
        System.arraycopy(older.toByteArray(), 0, tail, 0, older.size());
        System.arraycopy(newer.toByteArray(), 0, tail, older.size(), newer.size());
        int start = Math.max(0, tail.length - capacity);
        while (start > 0 && start < tail.length && (tail[start] & 0xC0) == 0x80) {
            start++;
        }
        return new String(tail, start, tail.length - start, StandardCharsets.UTF_8);
    }
}
