// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Computes the checksums that stores report. */
final class Checksums {

    private Checksums() {}

    static ml.clear.agent.api.storage.Checksum of(
            ml.clear.agent.api.storage.Checksum.Algorithm algorithm, byte[] content) {
        byte[] value = switch (algorithm) {
            case MD5 -> digest("MD5", content);
            case SHA1 -> digest("SHA-1", content);
            case SHA256 -> digest("SHA-256", content);
            case CRC32 -> sum(new CRC32(), content);
            case CRC32C -> sum(new CRC32C(), content);
        };
        return ml.clear.agent.api.storage.Checksum.of(algorithm, value);
    }

    private static byte[] digest(String name, byte[] content) {
        try {
            return MessageDigest.getInstance(name).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sum(Checksum sum, byte[] content) {
        sum.update(content, 0, content.length);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array();
    }
}
