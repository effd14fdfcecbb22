// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.ComposeRequest;
import com.google.cloud.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;

/**
 * An object that is stored in parts, each an object of its own below {@link #FOLDER}, which the store composes without moving
 * their bytes. A composition has at most 32 sources, so that there may be compositions of compositions.
 */
final class GcsParts implements PartedWrite {

    /** Where parts lie while an object is sent; listings leave it out. */
    static final String FOLDER = ".clearml-agent-parts/";

    static final long PART = 8L << 20;

    private static final System.Logger LOG = System.getLogger(GcsParts.class.getName());
    private static final int MOST_SOURCES = 32;

    private final Storage client;
    private final GcsCall call;
    private final GcsAccess access;
    private final StorageAddress target;
    private final WriteCondition condition;
    private final String folder;
    private final Map<Integer, String> parts = new ConcurrentSkipListMap<>();
    private final Set<String> temporary = ConcurrentHashMap.newKeySet();

    GcsParts(Storage client, GcsCall call, StorageAddress target, WriteCondition condition) {
        this.client = client;
        this.call = call;
        this.access = call.access();
        this.target = target;
        this.condition = condition;
        this.folder = access.scope() + FOLDER + UUID.randomUUID() + "/";
    }

    @Override
    public long partSize() {
        return PART;
    }

    @Override
    public void send(int number, ObjectSource content) throws InterruptedException {
        String name = name("part", number);
        temporary.add(name);
        call.always(() -> GcsUpload.send(client, access.bucket(), name, content, WriteCondition.NONE));
        parts.put(number, name);
    }

    private String name(String kind, int number) {
        return folder + String.format(Locale.ROOT, "%s-%06d", kind, number);
    }

    @Override
    public StoredObject complete() throws InterruptedException {
        List<String> sources = List.copyOf(parts.values());
        for (int level = 1; sources.size() > MOST_SOURCES; level++) {
            sources = grouped(sources, level);
        }
        Blob stored = compose(sources, access.key(), condition);
        removeParts();
        return GcsFacts.of(target, stored);
    }

    private List<String> grouped(List<String> sources, int level) throws InterruptedException {
        List<String> groups = new ArrayList<>();
        for (int first = 0; first < sources.size(); first += MOST_SOURCES) {
            String name = name("group-" + level, groups.size());
            temporary.add(name);
            compose(sources.subList(first, Math.min(sources.size(), first + MOST_SOURCES)), name, WriteCondition.NONE);
            groups.add(name);
        }
        return groups;
    }

    private Blob compose(List<String> sources, String name, WriteCondition when) throws InterruptedException {
        BlobInfo object = BlobInfo.newBuilder(access.bucket(), name)
                .setContentType("application/octet-stream")
                .build();
        ComposeRequest.Builder request =
                ComposeRequest.newBuilder().setTarget(object).addSource(sources);
        switch (when) {
            case WriteCondition.Always _ -> {}
            case WriteCondition.Absent _ -> request.setTargetOptions(BlobTargetOption.doesNotExist());
            case WriteCondition.Matches(String tag) ->
                request.setTargetOptions(BlobTargetOption.generationMatch(Long.parseLong(tag)));
        }
        return call.always(() -> client.compose(request.build()));
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // parts cost money until they are removed
        try {
            removeParts();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeParts() {
        try {
            for (String name : List.copyOf(temporary)) {
                client.delete(BlobId.of(access.bucket(), name));
                temporary.remove(name);
            }
        } catch (StorageException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "parts of ''{0}'' are left below ''{1}'': {2}; delete them there",
                    target,
                    target.withKey(folder),
                    e.getMessage());
        }
    }
}
