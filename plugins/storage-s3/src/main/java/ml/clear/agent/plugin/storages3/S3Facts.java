// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.Checksum.Algorithm;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What answers of S3 say about an object. */
final class S3Facts {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes .*/(\\d+)");

    private S3Facts() {}

    static StoredObject of(StorageAddress address, HeadObjectResponse head) {
        List<Checksum> checksums = new ArrayList<>();
        // that of an object in parts may be a checksum of checksums
        if (head.checksumType() != ChecksumType.COMPOSITE) {
            add(checksums, Algorithm.CRC32, head.checksumCRC32());
            add(checksums, Algorithm.CRC32C, head.checksumCRC32C());
            add(checksums, Algorithm.SHA1, head.checksumSHA1());
            add(checksums, Algorithm.SHA256, head.checksumSHA256());
        }
        return new StoredObject(
                address, number(head.contentLength()), time(head.lastModified()), text(head.eTag()), checksums);
    }

    private static void add(List<Checksum> checksums, Algorithm algorithm, @Nullable String base64) {
        if (base64 != null && base64.indexOf('-') < 0) {
            checksums.add(Checksum.of(algorithm, Base64.getDecoder().decode(base64)));
        }
    }

    /** The size of the whole object, also where the answer is a part. */
    static StoredObject of(StorageAddress address, GetObjectResponse answer) {
        Matcher range = CONTENT_RANGE.matcher(text(answer.contentRange()));
        long size = range.matches() ? Long.parseLong(range.group(1)) : number(answer.contentLength());
        return new StoredObject(address, size, time(answer.lastModified()), text(answer.eTag()));
    }

    static StoredObject of(StorageAddress address, S3Object entry) {
        return new StoredObject(address, number(entry.size()), time(entry.lastModified()), text(entry.eTag()));
    }

    static StoredObject written(StorageAddress address, long size, @Nullable String tag) {
        return new StoredObject(address, size, Instant.EPOCH, text(tag));
    }

    private static long number(@Nullable Long value) {
        return value == null ? -1 : value;
    }

    private static Instant time(@Nullable Instant value) {
        return Objects.requireNonNullElse(value, Instant.EPOCH);
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
