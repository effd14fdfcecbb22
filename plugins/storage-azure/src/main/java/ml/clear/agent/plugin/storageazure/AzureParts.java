// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.PartedWrite;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;

/** A blob that is stored in blocks. Blocks that are never committed vanish after a week, and nothing else removes them. */
final class AzureParts implements PartedWrite {

    private static final long USUAL = 8L << 20;
    private static final int MOST_BLOCKS = 50_000;

    private final BlockBlobClient client;
    private final AzureAccess access;
    private final StorageAddress target;
    private final WriteCondition condition;
    private final long partSize;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Map<Integer, String> blocks = new ConcurrentSkipListMap<>();
    private final AtomicLong size = new AtomicLong();

    AzureParts(BlockBlobClient client, AzureAccess access, StorageAddress target, long size, WriteCondition condition) {
        this.client = client;
        this.access = access;
        this.target = target;
        this.condition = condition;
        this.partSize = Math.max(USUAL, size / MOST_BLOCKS + 1);
    }

    @Override
    public long partSize() {
        return partSize;
    }

    /** The names of blocks have equal lengths, and differ from those of another writer of the same blob. */
    private String block(int number) {
        return Base64.getEncoder()
                .encodeToString(
                        String.format(Locale.ROOT, "%s-%06d", run, number).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void send(int number, ObjectSource content) throws InterruptedException {
        new AzureCall("write", target, access).always(() -> {
            try (InputStream in = content.open()) {
                return client.stageBlockWithResponse(
                        new BlockBlobStageBlockOptions(block(number), AzureStorage.body(in, content.size())),
                        null,
                        Context.NONE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        if (blocks.put(number, block(number)) == null) {
            size.addAndGet(content.size());
        }
    }

    @Override
    public StoredObject complete() throws InterruptedException {
        BlockBlobItem stored = new AzureCall("write", target, access)
                .always(() -> client.commitBlockListWithResponse(
                                new BlockBlobCommitBlockListOptions(List.copyOf(blocks.values()))
                                        .setRequestConditions(AzureStorage.conditions(condition)),
                                null,
                                Context.NONE)
                        .getValue());
        return new StoredObject(
                target, size.get(), AzureStorage.time(stored.getLastModified()), AzureStorage.tag(stored.getETag()));
    }

    @Override
    public void close() {}
}
