// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobWriteOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.WriteCondition;

/**
 * Stores an object in one request, with its checksum, so that the store refuses what was damaged on its way. The content is read
 * twice: once for the checksum, once to be sent.
 */
final class GcsUpload {

    private static final int BUFFER = 1 << 16;

    private GcsUpload() {}

    /** The call that streams is deprecated because it cannot be retried; the agent opens the content again and retries. */
    @SuppressWarnings("deprecation")
    static Blob send(Storage client, String bucket, String key, ObjectSource content, WriteCondition condition)
            throws IOException {
        BlobInfo object = BlobInfo.newBuilder(bucket, key)
                .setContentType("application/octet-stream")
                .setCrc32c(checksum(content))
                .build();
        List<BlobWriteOption> options = new ArrayList<>();
        options.add(BlobWriteOption.crc32cMatch());
        options.add(BlobWriteOption.disableGzipContent());
        switch (condition) {
            case WriteCondition.Always _ -> {}
            case WriteCondition.Absent _ -> options.add(BlobWriteOption.doesNotExist());
            case WriteCondition.Matches(String tag) ->
                options.add(BlobWriteOption.generationMatch(Long.parseLong(tag)));
        }
        try (InputStream in = content.open()) {
            return client.create(object, in, options.toArray(BlobWriteOption[]::new));
        }
    }

    private static String checksum(ObjectSource content) throws IOException {
        CRC32C sum = new CRC32C();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = content.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sum.update(buffer, 0, read);
            }
        }
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) sum.getValue())
                        .array());
    }
}
