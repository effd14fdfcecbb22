// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.Checksum.Algorithm;
import ml.clear.agent.api.storage.StoredObject;

/** Compares a file with the checksum that a store keeps of it. */
final class ContentCheck {

    private static final int BUFFER = 1 << 18;

    private ContentCheck() {}

    /** Whether the store has a checksum and the file has another one. */
    static boolean differs(Path file, StoredObject object) throws IOException {
        Optional<Checksum> kept = object.checksums().stream().min(Comparator.comparingInt(ContentCheck::cost));
        return kept.isPresent() && !of(file, kept.get().algorithm()).equals(kept.get());
    }

    /** Processors have instructions for some. */
    private static int cost(Checksum checksum) {
        return switch (checksum.algorithm()) {
            case CRC32C -> 0;
            case CRC32 -> 1;
            case SHA256 -> 2;
            case SHA1 -> 3;
            case MD5 -> 4;
        };
    }

    private static Checksum of(Path file, Algorithm algorithm) throws IOException {
        return Checksum.of(
                algorithm,
                switch (algorithm) {
                    case CRC32C -> sum(file, new CRC32C());
                    case CRC32 -> sum(file, new CRC32());
                    case SHA256 -> digest(file, "SHA-256");
                    case SHA1 -> digest(file, "SHA-1");
                    case MD5 -> digest(file, "MD5");
                });
    }

    private static byte[] sum(Path file, java.util.zip.Checksum sum) throws IOException {
        read(file, sum::update);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array();
    }

    private static byte[] digest(Path file, String name) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            read(file, digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + name, e);
        }
    }

    private static void read(Path file, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sink.update(buffer, 0, read);
            }
        }
    }

    /** Takes bytes. */
    @FunctionalInterface
    private interface Sink {
        void update(byte[] bytes, int offset, int length);
    }
}
