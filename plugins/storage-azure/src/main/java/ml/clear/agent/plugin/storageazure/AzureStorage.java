// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import com.azure.core.http.rest.PagedIterable;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobDownloadHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.Checksum;
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
import org.jspecify.annotations.Nullable;

/** Blobs of Azure Storage. */
final class AzureStorage implements StorageBackend {

    private static final Duration STALL = Duration.ofMinutes(1);
    private static final int NOT_FOUND = 404;
    private static final int UNSATISFIABLE = 416;
    private static final long PART = 8L << 20;
    private static final int PIECE = 1 << 16;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes .*/(\\d+)");
    private static final DownloadRetryOptions NO_RETRIES = new DownloadRetryOptions().setMaxRetryRequests(0);
    private static final long DEFAULT_CONNECTIONS = 8;
    private static final int LARGEST_PAGE = 5000;

    private final Settings settings;
    private final Map<String, String> environment;
    private final AzureClients clients;

    private AzureStorage(Settings settings, Map<String, String> environment, AzureClients clients) {
        this.settings = settings;
        this.environment = environment;
        this.clients = clients;
    }

    static AzureStorage of(PluginContext context) {
        return of(context, STALL);
    }

    static AzureStorage of(PluginContext context, Duration stall) {
        return new AzureStorage(context.settings(), context.environment(), new AzureClients(context.network(), stall));
    }

    private AzureAccess access(StorageAddress address) {
        return AzureAccess.of(address, settings, environment);
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return EnumSet.allOf(StorageCapability.class);
    }

    @Override
    public TransferLimits limits(StorageAddress place) {
        return new TransferLimits(
                PART,
                PART,
                Math.toIntExact(settings.get(AzureSettings.CONNECTIONS).orElse(DEFAULT_CONNECTIONS)));
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        AzureAccess access = access(object);
        AzureCall call = new AzureCall("read", object, access);
        try {
            BlobProperties facts = call.run(() -> clients.blob(access).getProperties());
            return Optional.of(describe(object, facts));
        } catch (AzureCall.Refused e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw call.failure(e);
        }
    }

    private static StoredObject describe(StorageAddress object, BlobProperties facts) {
        return new StoredObject(
                object,
                facts.getBlobSize(),
                time(facts.getLastModified()),
                tag(facts.getETag()),
                checksums(facts.getContentMd5()));
    }

    @Override
    public ObjectPage list(ObjectListing listing) throws InterruptedException {
        StorageAddress folder = listing.folder();
        AzureAccess access = access(folder);
        int limit = Math.min(listing.limit(), LARGEST_PAGE);
        ListBlobsOptions options =
                new ListBlobsOptions().setPrefix(access.folder()).setMaxResultsPerPage(limit);
        PagedResponse<BlobItem> page = new AzureCall("list", folder, access).always(() -> {
            BlobContainerClient container = clients.container(access);
            String next = listing.continuation().isEmpty() ? null : listing.continuation();
            PagedIterable<BlobItem> items = listing.recursive()
                    ? container.listBlobs(options, next, null)
                    : container.listBlobsByHierarchy("/", options, null);
            return items.iterableByPage(next, limit).iterator().next();
        });
        List<StoredObject> objects = new ArrayList<>();
        List<StorageAddress> folders = new ArrayList<>();
        for (BlobItem item : page.getValue()) {
            StorageAddress address = access.address(folder, item.getName());
            if (Boolean.TRUE.equals(item.isPrefix())) {
                folders.add(address);
            } else if (!item.getName().endsWith("/")) {
                var facts = item.getProperties();
                Long size = facts.getContentLength();
                objects.add(new StoredObject(
                        address, size == null ? -1 : size, time(facts.getLastModified()), tag(facts.getETag())));
            }
        }
        return new ObjectPage(objects, folders, text(page.getContinuationToken()));
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException {
        AzureAccess access = access(object);
        AzureCall call = new AzureCall("read", object, access);
        try {
            BlobDownloadAsyncResponse answer = Objects.requireNonNull(call.run(() -> clients.reader(access)
                    .downloadStreamWithResponse(wanted(range), NO_RETRIES, null, false)
                    .block()));
            return new ObjectContent(
                    describe(object, answer.getDeserializedHeaders()), new AzureStream(answer.getValue()));
        } catch (AzureCall.Refused e) {
            if (e.status() != UNSATISFIABLE) {
                throw call.failure(e);
            }
            return new ObjectContent(
                    stat(object)
                            .orElseThrow(() -> new AgentException(
                                    ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address")),
                    InputStream.nullInputStream());
        }
    }

    private static @Nullable BlobRange wanted(ByteRange range) {
        if (range.isAll()) {
            return null;
        }
        return range.length() < 0 ? new BlobRange(range.first()) : new BlobRange(range.first(), range.length());
    }

    /** The size of the whole blob, also where the answer is a part. */
    private static StoredObject describe(StorageAddress object, BlobDownloadHeaders facts) {
        Matcher range = CONTENT_RANGE.matcher(text(facts.getContentRange()));
        long size = range.matches() ? Long.parseLong(range.group(1)) : facts.getContentLength();
        return new StoredObject(object, size, time(facts.getLastModified()), tag(facts.getETag()));
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        AzureAccess access = access(target);
        var stored = new AzureCall("write", target, access).always(() -> {
            try (InputStream in = content.open()) {
                return clients.blob(access)
                        .uploadWithResponse(
                                new BlockBlobSimpleUploadOptions(body(in, content.size()))
                                        .setRequestConditions(conditions(condition)),
                                null,
                                Context.NONE)
                        .getValue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return new StoredObject(target, content.size(), time(stored.getLastModified()), tag(stored.getETag()));
    }

    /** The bytes of a stream, read as they are sent; left alone, the client reads pieces of 4 KiB. */
    static BinaryData body(InputStream in, long size) {
        return Objects.requireNonNull(BinaryData.fromFlux(FluxUtil.toFluxByteBuffer(in, PIECE), size, false)
                .block());
    }

    static BlobRequestConditions conditions(WriteCondition condition) {
        return switch (condition) {
            case WriteCondition.Always _ -> new BlobRequestConditions();
            case WriteCondition.Absent _ -> new BlobRequestConditions().setIfNoneMatch("*");
            case WriteCondition.Matches(String tag) -> new BlobRequestConditions().setIfMatch("\"" + tag + "\"");
        };
    }

    @Override
    public Optional<PartedWrite> writeInParts(StorageAddress target, long size, WriteCondition condition) {
        AzureAccess access = access(target);
        return Optional.of(new AzureParts(clients.blob(access), access, target, size, condition));
    }

    @Override
    public void delete(StorageAddress object) throws InterruptedException {
        AzureAccess access = access(object);
        new AzureCall("delete", object, access)
                .always(() -> clients.blob(access).deleteIfExists());
    }

    @Override
    public void close() {
        // the client of the JDK ends with its last user
    }

    private static List<Checksum> checksums(byte @Nullable [] md5) {
        return md5 == null || md5.length == 0 ? List.of() : List.of(Checksum.of(Checksum.Algorithm.MD5, md5));
    }

    static Instant time(@Nullable OffsetDateTime time) {
        return time == null ? Instant.EPOCH : time.toInstant();
    }

    /** Some answers have it in quotes, and some have not. */
    static String tag(@Nullable String tag) {
        return text(tag).replace("\"", "");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
