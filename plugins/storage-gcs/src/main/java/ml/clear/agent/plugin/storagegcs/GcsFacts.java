// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.api.client.http.HttpHeaders;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage.BlobField;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.storage.Checksum;
import ml.clear.agent.api.storage.Checksum.Algorithm;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import org.jspecify.annotations.Nullable;

/** What answers of the store say about an object. Its generation is its entity tag. */
final class GcsFacts {

    /** What is asked for. */
    static final BlobField[] FIELDS = {
        BlobField.NAME, BlobField.SIZE, BlobField.UPDATED, BlobField.GENERATION, BlobField.CRC32C
    };

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes .*/(\\d+)");

    private GcsFacts() {}

    static StoredObject of(StorageAddress address, BlobInfo blob) {
        Long size = blob.getSize();
        Long generation = blob.getGeneration();
        OffsetDateTime updated = blob.getUpdateTimeOffsetDateTime();
        return new StoredObject(
                address,
                size == null ? -1 : size,
                updated == null ? Instant.EPOCH : updated.toInstant(),
                generation == null ? "" : String.valueOf(generation),
                checksums(blob.getCrc32c()));
    }

    /** The size of the whole object, also where the answer is a part. */
    static StoredObject of(StorageAddress address, HttpHeaders answer) {
        Matcher range = CONTENT_RANGE.matcher(text(answer.getContentRange()));
        String stored = text(answer.getFirstHeaderStringValue("x-goog-stored-content-length"));
        Long length = answer.getContentLength();
        long size = range.matches()
                ? Long.parseLong(range.group(1))
                : !stored.isEmpty() ? Long.parseLong(stored) : length == null ? -1 : length;
        return new StoredObject(
                address,
                size,
                time(answer.getLastModified()),
                text(answer.getFirstHeaderStringValue("x-goog-generation")),
                List.of());
    }

    private static List<Checksum> checksums(@Nullable String base64) {
        return base64 == null || base64.isEmpty()
                ? List.of()
                : List.of(Checksum.of(Algorithm.CRC32C, Base64.getDecoder().decode(base64)));
    }

    private static Instant time(@Nullable String text) {
        if (text == null) {
            return Instant.EPOCH;
        }
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException _) { // only a convenience
            return Instant.EPOCH;
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
