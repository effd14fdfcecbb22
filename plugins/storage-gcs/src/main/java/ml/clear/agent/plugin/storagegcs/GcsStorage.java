// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.gax.paging.Page;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.CopyRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
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

/** Objects on Google Cloud Storage. */
final class GcsStorage implements StorageBackend {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int UNSATISFIABLE = 416;
    private static final int LARGEST_PAGE = 1000;
    private static final long USUAL_CONCURRENCY = 16;

    private final Settings settings;
    private final GcsClients clients;

    private GcsStorage(Settings settings, GcsClients clients) {
        this.settings = settings;
        this.clients = clients;
    }

    static GcsStorage of(PluginContext context) {
        return of(context, TIMEOUT);
    }

    static GcsStorage of(PluginContext context, Duration timeout) {
        return new GcsStorage(
                context.settings(),
                new GcsClients(context.settings(), context.network(), context.environment(), timeout));
    }

    private GcsCall call(String action, StorageAddress object) {
        return new GcsCall(action, object, GcsAccess.of(object, settings), clients.host());
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return EnumSet.allOf(StorageCapability.class);
    }

    @Override
    public TransferLimits limits(StorageAddress place) {
        long connections =
                Math.min(settings.get(GcsSettings.CONNECTIONS), settings.get(GcsSettings.CONNECTIONS_TO_HOST));
        return new TransferLimits(
                GcsParts.PART, GcsParts.PART, Math.toIntExact(Math.min(USUAL_CONCURRENCY, connections)));
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        GcsCall call = call("read", object);
        BlobId id = BlobId.of(call.access().bucket(), call.access().key());
        return call.always(() ->
                        Optional.ofNullable(clients.of(call.access()).get(id, BlobGetOption.fields(GcsFacts.FIELDS))))
                .map(blob -> GcsFacts.of(object, blob));
    }

    @Override
    public ObjectPage list(ObjectListing listing) throws InterruptedException {
        StorageAddress folder = listing.folder();
        GcsCall call = call("list", folder);
        List<BlobListOption> options = new ArrayList<>(List.of(
                BlobListOption.prefix(folder.folderKey()),
                BlobListOption.pageSize(Math.min(listing.limit(), LARGEST_PAGE)),
                BlobListOption.fields(GcsFacts.FIELDS)));
        if (!listing.recursive()) {
            options.add(BlobListOption.delimiter("/"));
        }
        if (!listing.continuation().isEmpty()) {
            options.add(BlobListOption.pageToken(listing.continuation()));
        }
        Page<Blob> page = call.always(
                () -> clients.of(call.access()).list(call.access().bucket(), options.toArray(BlobListOption[]::new)));
        List<StoredObject> objects = new ArrayList<>();
        List<StorageAddress> folders = new ArrayList<>();
        for (Blob blob : page.getValues()) {
            StorageAddress address = folder.withKey(blob.getName());
            if (isPart(blob.getName(), folder)) {
                continue;
            }
            if (blob.isDirectory()) {
                folders.add(address);
            } else if (!blob.getName().endsWith("/")) { // what some tools put in place of an empty folder
                objects.add(GcsFacts.of(address, blob));
            }
        }
        String next = page.getNextPageToken();
        return new ObjectPage(objects, folders, next == null ? "" : next);
    }

    /** Parts of an upload are listed only where they are asked for. */
    private static boolean isPart(String name, StorageAddress folder) {
        return ("/" + name).contains("/" + GcsParts.FOLDER)
                && !("/" + folder.folderKey()).contains("/" + GcsParts.FOLDER);
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException {
        GcsCall call = call("read", object);
        try {
            return call.run(() -> open(call, range));
        } catch (GcsCall.Refused e) {
            if (e.status() != UNSATISFIABLE) {
                throw call.failure(e);
            }
            return new ObjectContent(stat(object).orElseThrow(() -> missing(object)), InputStream.nullInputStream());
        }
    }

    private ObjectContent open(GcsCall call, ByteRange range) throws IOException, InterruptedException {
        ReadChannel channel = clients.of(call.access())
                .reader(
                        BlobId.of(call.access().bucket(), call.access().key()),
                        BlobSourceOption.shouldReturnRawInputStream(true));
        channel.setChunkSize(0); // one request, read as it arrives
        if (!range.isAll()) {
            channel.seek(range.first());
            if (range.length() >= 0) {
                channel.limit(range.first() + range.length());
            }
        }
        GcsStream stream = new GcsStream(channel);
        stream.open();
        Optional<HttpResponse> answer = GcsClients.lastAnswer();
        if (answer.isEmpty()) {
            return new ObjectContent(stat(call.object()).orElseThrow(() -> missing(call.object())), stream);
        }
        stream.answeredBy(answer.get());
        return new ObjectContent(GcsFacts.of(call.object(), answer.get().getHeaders()), stream);
    }

    private static AgentException missing(StorageAddress object) {
        return new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address");
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        GcsCall call = call("write", target);
        Blob stored = call.always(() -> GcsUpload.send(
                clients.of(call.access()), call.access().bucket(), call.access().key(), content, condition));
        return GcsFacts.of(target, stored);
    }

    @Override
    public Optional<PartedWrite> writeInParts(StorageAddress target, long size, WriteCondition condition)
            throws InterruptedException {
        GcsCall call = call("write", target);
        if (!call.access().multipart()) {
            return Optional.empty();
        }
        Storage client = call.always(() -> clients.of(call.access()));
        return Optional.of(new GcsParts(client, call, target, condition));
    }

    @Override
    public Optional<StoredObject> copy(StorageAddress source, StorageAddress target, WriteCondition condition)
            throws InterruptedException {
        GcsCall from = call("copy", source);
        GcsAccess to = GcsAccess.of(target, settings);
        if (!from.access().clientKey().equals(to.clientKey())) {
            return Optional.empty();
        }
        CopyRequest.Builder request = CopyRequest.newBuilder()
                .setSource(from.access().bucket(), from.access().key());
        BlobInfo object = BlobInfo.newBuilder(to.bucket(), to.key())
                .setContentType("application/octet-stream")
                .build();
        switch (condition) {
            case WriteCondition.Always _ -> request.setTarget(object);
            case WriteCondition.Absent _ -> request.setTarget(object, BlobTargetOption.doesNotExist());
            case WriteCondition.Matches(String tag) ->
                request.setTarget(object, BlobTargetOption.generationMatch(Long.parseLong(tag)));
        }
        Blob stored = from.always(
                () -> clients.of(from.access()).copy(request.build()).getResult());
        return Optional.of(GcsFacts.of(target, stored));
    }

    @Override
    public void delete(StorageAddress object) throws InterruptedException {
        GcsCall call = call("delete", object);
        BlobId id = BlobId.of(call.access().bucket(), call.access().key());
        call.always(() -> clients.of(call.access()).delete(id));
    }

    @Override
    public void close() {
        clients.close();
    }
}
