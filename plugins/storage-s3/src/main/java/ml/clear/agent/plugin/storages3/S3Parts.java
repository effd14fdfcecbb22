// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.WriteCondition;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An object that is stored in parts. */
final class S3Parts implements PartedWrite {

    private static final System.Logger LOG = System.getLogger(S3Parts.class.getName());

    /** Limits of S3: the smallest part but for the last one, and the most parts. */
    private static final long SMALLEST = 5L << 20;

    private static final int MOST_PARTS = 10_000;

    /** Parts of a stream of unknown length: enough for 156 GiB. */
    private static final long OF_A_STREAM = 16L << 20;

    private final S3Client client;
    private final S3Access access;
    private final StorageAddress target;
    private final WriteCondition condition;
    private final long partSize;
    private final String upload;
    private final Map<Integer, CompletedPart> parts = new ConcurrentSkipListMap<>();
    private final AtomicLong size = new AtomicLong();
    private volatile boolean ended;

    private S3Parts(
            S3Client client,
            S3Access access,
            StorageAddress target,
            WriteCondition condition,
            long partSize,
            String upload) {
        this.client = client;
        this.access = access;
        this.target = target;
        this.condition = condition;
        this.partSize = partSize;
        this.upload = upload;
    }

    static TransferLimits limits(Settings settings) {
        return new TransferLimits(
                Math.max(SMALLEST, settings.get(S3Settings.THRESHOLD)),
                Math.max(SMALLEST, settings.get(S3Settings.PART_SIZE)),
                Math.toIntExact(settings.get(S3Settings.CONCURRENCY)));
    }

    /** @param size of the whole object, -1 when not known */
    static S3Parts begin(
            S3Client client,
            S3Access access,
            StorageAddress target,
            long size,
            WriteCondition condition,
            Settings settings)
            throws InterruptedException {
        String upload = new S3Call("write", target, access)
                .always(() -> client.createMultipartUpload(request -> {
                    request.bucket(access.place().bucket())
                            .key(access.place().key())
                            .contentType("application/octet-stream")
                            .checksumAlgorithm(ChecksumAlgorithm.CRC32);
                    if (!access.acl().isEmpty()) {
                        request.acl(access.acl());
                    }
                }))
                .uploadId();
        long usual = limits(settings).partSize();
        long partSize = size < 0 ? Math.max(usual, OF_A_STREAM) : Math.max(usual, size / MOST_PARTS + 1);
        return new S3Parts(client, access, target, condition, partSize, upload);
    }

    @Override
    public long partSize() {
        return partSize;
    }

    @Override
    public void send(int number, ObjectSource content) throws InterruptedException {
        UploadPartResponse sent = new S3Call("write", target, access)
                .always(() -> client.uploadPart(
                        request -> request.bucket(access.place().bucket())
                                .key(access.place().key())
                                .uploadId(upload)
                                .partNumber(number)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        S3Storage.body(content)));
        CompletedPart part = CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(sent.checksumCRC32())
                .build();
        if (parts.put(number, part) == null) {
            size.addAndGet(content.size());
        }
    }

    @Override
    public StoredObject complete() throws InterruptedException {
        List<CompletedPart> all = List.copyOf(parts.values());
        String tag = new S3Call("write", target, access)
                .always(() -> client.completeMultipartUpload(request -> {
                    request.bucket(access.place().bucket())
                            .key(access.place().key())
                            .uploadId(upload)
                            .multipartUpload(list -> list.parts(all));
                    switch (condition) {
                        case WriteCondition.Always _ -> {}
                        case WriteCondition.Absent _ -> request.ifNoneMatch("*");
                        case WriteCondition.Matches(String seen) -> request.ifMatch(seen);
                    }
                }))
                .eTag();
        ended = true;
        return S3Facts.written(target, size.get(), tag);
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        boolean interrupted = Thread.interrupted(); // parts cost money until they are removed
        try {
            client.abortMultipartUpload(request -> request.bucket(access.place().bucket())
                    .key(access.place().key())
                    .uploadId(upload));
        } catch (SdkException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the parts of ''{0}'' are left in the store: {1}",
                    target,
                    e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
