// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.storage;

import static ml.clear.agent.api.config.ValueTypes.BYTES;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.list;
import static ml.clear.agent.api.config.ValueTypes.number;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueType;
import ml.clear.agent.api.storage.DownloadSettings;

/** The configuration of transfers and of the cache of downloads; the Python package in the task's process reads it too. */
public final class StorageSettings {

    private static final Setting<Optional<String>> URL =
            Setting.optional("url", TEXT, "Address, with * for any text and ? for one character");

    /** How often a failed request is repeated. */
    public static final Setting<Long> MAX_RETRIES = Setting.of(
            "sdk.network.iteration.max_retries_on_server_error",
            INTEGER,
            5L,
            "Most retries of a request to a store that is overloaded, unreachable or fails");

    /** The first wait. */
    public static final Setting<Double> BACKOFF = Setting.of(
            "sdk.network.iteration.retry_backoff_factor_sec",
            number(0, 86_400),
            10.0,
            "Seconds of the first wait between retries; each wait doubles it");

    /** How many are kept. */
    public static final Setting<Optional<Long>> CACHE_FILES = Setting.optional(
            "sdk.storage.cache.default_cache_manager_size",
            INTEGER,
            "Most files in the cache; the one not used for longest goes first");

    /** How much space they take. */
    public static final Setting<Optional<Long>> CACHE_BYTES =
            Setting.optional("sdk.storage.cache.size.max_used_bytes", BYTES, "Most space that the cache takes");

    /** How much space they leave. */
    public static final Setting<Optional<Long>> CACHE_FREE = Setting.optional(
            "sdk.storage.cache.size.min_free_bytes", BYTES, "Space that the cache leaves free on its disk");

    private static final ValueType<List<Settings>> PLACES = list(group(List.of(URL)));

    /** What is used in place. */
    public static final Setting<List<Settings>> DIRECT_ACCESS = Setting.of(
            "sdk.storage.direct_access",
            PLACES,
            PLACES.parse(List.of(Map.of("url", "file://*"))),
            "Addresses whose files are used in place, neither downloaded nor kept");

    private StorageSettings() {}

    /** The settings to declare. */
    public static List<Setting<?>> all() {
        return List.of(
                MAX_RETRIES,
                BACKOFF,
                DownloadSettings.CACHE_FOLDER,
                CACHE_FILES,
                CACHE_BYTES,
                CACHE_FREE,
                DIRECT_ACCESS);
    }

    static DirectAccess directAccess(Settings settings) {
        return new DirectAccess(settings.get(DIRECT_ACCESS).stream()
                .flatMap(entry -> entry.get(URL).stream())
                .toList());
    }

    static Retries retries(Settings settings) {
        return new Retries(
                Math.max(0, settings.get(MAX_RETRIES)),
                Duration.ofMillis(Math.round(settings.get(BACKOFF) * 1000)),
                Thread::sleep);
    }
}
