// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.storage.WriteCondition;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects on Amazon S3 and on servers that speak its protocol. */
final class S3Storage implements StorageBackend {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNSATISFIABLE = 416;

    /** A larger object is copied in parts, which moves its bytes through the agent. */
    private static final long LARGEST_COPY = 5L << 30;

    private static final int LARGEST_PAGE = 1000;
    private static final int BUFFER = 1 << 16;

    private final Settings settings;
    private final S3Clients clients;

    S3Storage(Settings settings, S3Clients clients) {
        this.settings = settings;
        this.clients = clients;
    }

    static S3Storage of(PluginContext context) {
        return new S3Storage(
                context.settings(), new S3Clients(context.settings(), context.network(), context.environment()));
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return EnumSet.allOf(StorageCapability.class);
    }

    @Override
    public TransferLimits limits(StorageAddress place) {
        return S3Parts.limits(settings);
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        S3Access access = S3Access.of(object, settings);
        S3Location place = access.place();
        S3Call call = new S3Call("read", object, access);
        try {
            HeadObjectResponse head = call.run(() -> clients.of(access)
                    .headObject(request ->
                            request.bucket(place.bucket()).key(place.key()).checksumMode(ChecksumMode.ENABLED)));
            return Optional.of(S3Facts.of(object, head));
        } catch (S3Call.Refused e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            // the answer to HEAD has no words, so another request asks why
            if (e.status() == FORBIDDEN || e.status() == BAD_REQUEST) {
                return statByReading(object);
            }
            throw call.failure(e);
        }
    }

    private Optional<StoredObject> statByReading(StorageAddress object) throws InterruptedException {
        try (ObjectContent content = read(object, new ByteRange(0, 1))) {
            return Optional.of(content.object());
        } catch (AgentException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ObjectPage list(ObjectListing listing) throws InterruptedException {
        StorageAddress folder = listing.folder();
        S3Access access = S3Access.of(folder, settings);
        S3Location place = access.place();
        ListObjectsV2Response page = new S3Call("list", folder, access)
                .always(() -> clients.of(access).listObjectsV2(request -> {
                    request.bucket(place.bucket())
                            .prefix(place.folderKey())
                            .maxKeys(Math.min(listing.limit(), LARGEST_PAGE));
                    if (!listing.recursive()) {
                        request.delimiter("/");
                    }
                    if (!listing.continuation().isEmpty()) {
                        request.continuationToken(listing.continuation());
                    }
                }));
        List<StoredObject> objects = new ArrayList<>();
        for (S3Object each : page.contents()) {
            if (!each.key().endsWith("/")) { // what some tools put in place of an empty folder
                objects.add(S3Facts.of(place.address(folder, each.key()), each));
            }
        }
        List<StorageAddress> folders = page.commonPrefixes().stream()
                .map(CommonPrefix::prefix)
                .map(prefix -> place.address(folder, prefix))
                .toList();
        String next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : "";
        return new ObjectPage(objects, folders, next == null ? "" : next);
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException {
        S3Access access = S3Access.of(object, settings);
        S3Location place = access.place();
        S3Call call = new S3Call("read", object, access);
        try {
            ResponseInputStream<GetObjectResponse> content =
                    call.run(() -> clients.of(access).getObject(request -> {
                        request.bucket(place.bucket()).key(place.key());
                        if (!range.isAll()) {
                            request.range(range.header());
                        }
                    }));
            return new ObjectContent(S3Facts.of(object, content.response()), new S3Stream(content));
        } catch (S3Call.Refused e) {
            if (e.status() != UNSATISFIABLE) {
                throw call.failure(e);
            }
            StoredObject facts = stat(object)
                    .orElseThrow(() ->
                            new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address"));
            return new ObjectContent(facts, InputStream.nullInputStream());
        }
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        S3Access access = S3Access.of(target, settings);
        S3Location place = access.place();
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(place.bucket()).key(place.key());
        if (!access.acl().isEmpty()) {
            request.acl(access.acl());
        }
        switch (condition) {
            case WriteCondition.Always _ -> {}
            case WriteCondition.Absent _ -> request.ifNoneMatch("*");
            case WriteCondition.Matches(String tag) -> request.ifMatch(tag);
        }
        S3Client client = clients.of(access);
        String tag = new S3Call("write", target, access)
                .always(() -> client.putObject(request.build(), body(content)))
                .eTag();
        return S3Facts.written(target, content.size(), tag);
    }

    static RequestBody body(ObjectSource content) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return new BufferedInputStream(
                                content.open(), BUFFER); // the digests are computed in pieces of 4 KiB
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                content.size(),
                "application/octet-stream");
    }

    @Override
    public Optional<PartedWrite> writeInParts(StorageAddress target, long size, WriteCondition condition)
            throws InterruptedException {
        S3Access access = S3Access.of(target, settings);
        return access.multipart()
                ? Optional.of(S3Parts.begin(clients.of(access), access, target, size, condition, settings))
                : Optional.empty();
    }

    @Override
    public Optional<StoredObject> copy(StorageAddress source, StorageAddress target, WriteCondition condition)
            throws InterruptedException {
        S3Access from = S3Access.of(source, settings);
        S3Access to = S3Access.of(target, settings);
        if (!from.clientKey().equals(to.clientKey()) || !condition.equals(WriteCondition.NONE)) {
            return Optional.empty();
        }
        StoredObject object = stat(source)
                .orElseThrow(() ->
                        new AgentException(ErrorCode.NOT_FOUND, "there is no '" + source + "'; check the address"));
        if (object.size() > LARGEST_COPY) {
            return Optional.empty();
        }
        String tag = new S3Call("copy", source, from)
                .always(() -> clients.of(to).copyObject(request -> {
                    request.sourceBucket(from.place().bucket())
                            .sourceKey(from.place().key())
                            .destinationBucket(to.place().bucket())
                            .destinationKey(to.place().key());
                    if (!to.acl().isEmpty()) {
                        request.acl(to.acl());
                    }
                }))
                .copyObjectResult()
                .eTag();
        return Optional.of(S3Facts.written(target, object.size(), tag));
    }

    @Override
    public void delete(StorageAddress object) throws InterruptedException {
        S3Access access = S3Access.of(object, settings);
        S3Location place = access.place();
        S3Call call = new S3Call("delete", object, access);
        try {
            call.run(() -> clients.of(access)
                    .deleteObject(request -> request.bucket(place.bucket()).key(place.key())));
        } catch (S3Call.Refused e) {
            if (!"NoSuchKey".equals(e.reason())) {
                throw call.failure(e);
            }
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
