// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.runtime.storage.Storage;

/**
 * The configuration of the environments that machines share through a store.
 *
 * @param place the folder with the archives
 * @param mostBytes how much the archives may take in all; 0 for no limit
 * @param longestWait how long the agent waits after a task for an archive that is being stored
 */
public record RemoteSettings(StorageAddress place, long mostBytes, Duration longestWait) {

    /** Where the archives lie. */
    public static final Setting<String> PLACE = Setting.of(
            "agent.venvs_cache.remote",
            ValueTypes.TEXT.checked(
                    RemoteSettings::usable, "expected an address such as s3://bucket/folder, or an absolute path"),
            "",
            "Folder in a store, such as s3://bucket/environments, or path of a shared folder, through which machines share "
                    + "environments: one builds, the others fetch; empty for none");

    /** How much the archives may take. */
    public static final Setting<Long> MOST_BYTES = Setting.of(
            "agent.venvs_cache.remote_max_size",
            ValueTypes.BYTES,
            100L << 30,
            "Most space that the archives in agent.venvs_cache.remote take; the one not fetched for longest goes first; "
                    + "0 for no limit");

    /** How long a task's agent waits for the store. */
    public static final Setting<Duration> LONGEST_WAIT = Setting.of(
            "agent.venvs_cache.remote_wait",
            ValueTypes.duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(10),
            "Longest wait of an agent whose task has ended for the end of storing the environment in "
                    + "agent.venvs_cache.remote");

    private static StorageAddress address(String place) {
        return Storage.address(
                place.contains("://") ? place : ValueTypes.PATH.parse(place).toString());
    }

    private static boolean usable(String place) {
        String text = place.strip();
        try {
            return text.isEmpty()
                    || (text.contains("://")
                            ? !StorageAddress.parse(text).toString().isEmpty()
                            : ValueTypes.PATH.parse(text).isAbsolute());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The settings to declare. */
    public static List<Setting<?>> all() {
        return List.of(PLACE, MOST_BYTES, LONGEST_WAIT);
    }

    /**
     * Read them.
     *
     * @return empty when no environments are shared
     */
    public static Optional<RemoteSettings> of(Settings settings) {
        String place = settings.get(PLACE).strip();
        return place.isEmpty()
                ? Optional.empty()
                : Optional.of(new RemoteSettings(address(place), settings.get(MOST_BYTES), settings.get(LONGEST_WAIT)));
    }
}
