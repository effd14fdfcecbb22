// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.util.Optional;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * The names of the objects of the remote cache: {@code v1/KEY.zip} is an archive, {@code v1/used/KEY} an empty object that is as
 * old as its last use.
 *
 * @param place the folder that the configuration names
 */
record RemoteNames(StorageAddress place) {

    private static final String FOLDER = "v1/";
    private static final String USES = FOLDER + "used/";
    private static final String SUFFIX = ".zip";

    /** The folder of all objects. */
    StorageAddress folder() {
        return place.resolve(FOLDER);
    }

    StorageAddress archive(EnvironmentKey key) {
        return place.resolve(FOLDER + key + SUFFIX);
    }

    StorageAddress use(EnvironmentKey key) {
        return place.resolve(USES + key);
    }

    /** The key of an archive; empty when it is the address of something else. */
    Optional<EnvironmentKey> archived(StorageAddress object) {
        String name = object.name();
        return name.endsWith(SUFFIX)
                ? key(name.substring(0, name.length() - SUFFIX.length()), object, true)
                : Optional.empty();
    }

    /** The key whose use an object records; empty when it is the address of something else. */
    Optional<EnvironmentKey> used(StorageAddress object) {
        return key(object.name(), object, false);
    }

    private Optional<EnvironmentKey> key(String text, StorageAddress object, boolean archive) {
        EnvironmentKey key = new EnvironmentKey(text);
        StorageAddress expected = archive ? archive(key) : use(key);
        return expected.key().equals(object.key()) ? Optional.of(key) : Optional.empty();
    }
}
