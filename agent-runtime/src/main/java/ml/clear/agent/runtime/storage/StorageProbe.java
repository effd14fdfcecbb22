// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.api.storage.WriteCondition;

/** Tries a place: writes, reads, lists and deletes a small object, as far as the store can. The first failure ends it. */
public final class StorageProbe {

    private static final int SIZE = 1000;

    private final Storage storage;
    private final StorageAddress place;
    private final StorageAddress object;
    private final byte[] content = new byte[SIZE];

    /** A probe of a folder. */
    public StorageProbe(Storage storage, StorageAddress place) {
        this.storage = storage;
        this.place = place;
        byte[] random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        ThreadLocalRandom.current().nextBytes(content);
        this.object = place.resolve(".clearml-check-" + HexFormat.of().formatHex(random));
    }

    /**
     * What came of a step.
     *
     * @param name a verb
     * @param failure why it failed, empty when it did not
     * @param permanent whether only a user can remove the reason
     */
    public record Step(String name, String failure, boolean permanent) {

        /** Whether it worked. */
        public boolean passed() {
            return failure.isEmpty();
        }
    }

    /** What a step does. */
    @FunctionalInterface
    private interface Trial {
        void run() throws InterruptedException;
    }

    /**
     * Try all steps.
     *
     * @param consumer gets each step when it is done
     * @return whether all passed
     */
    public boolean run(Consumer<Step> consumer) throws InterruptedException {
        if (!step("write", this::write, consumer)) {
            return false;
        }
        boolean readable = step("read", this::read, consumer)
                && (!storage.can(place, StorageCapability.LIST) || step("list", this::list, consumer));
        boolean deleted = !storage.can(place, StorageCapability.DELETE) || step("delete", this::delete, consumer);
        return readable && deleted;
    }

    private static boolean step(String name, Trial trial, Consumer<Step> consumer) throws InterruptedException {
        String failure = "";
        boolean permanent = false;
        try {
            trial.run();
        } catch (AgentException e) {
            failure = e.getMessage();
            permanent = e.code().kind() == ErrorKind.USER;
        }
        consumer.accept(new Step(name, failure, permanent));
        return failure.isEmpty();
    }

    private void write() throws InterruptedException {
        storage.store(new ByteArrayInputStream(content), object, WriteCondition.NONE, TransferProgress.NONE);
    }

    private void read() throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        storage.copyTo(object, out, TransferProgress.NONE);
        if (!Arrays.equals(out.toByteArray(), content)) {
            throw new AgentException(ErrorCode.DAMAGED, "'" + object + "' is not read as it was written");
        }
    }

    private void list() throws InterruptedException {
        boolean[] found = {false};
        storage.list(ObjectListing.of(place), page -> {
            List<StorageAddress> listed =
                    page.objects().stream().map(StoredObject::address).toList();
            found[0] |= listed.contains(object);
        });
        if (!found[0]) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED, "'" + place + "' is listed without the object that was just written");
        }
    }

    private void delete() throws InterruptedException {
        storage.delete(object);
        Optional<StoredObject> left = storage.stat(object);
        if (left.isPresent()) {
            throw new AgentException(ErrorCode.STORAGE_FAILED, "'" + object + "' is still there; delete it");
        }
    }
}
