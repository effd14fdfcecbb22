// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.environment.Manifest.Stamp;

/** Looks at the copies of environments in the cache, checks and removes them. Copies that a task uses at the moment stay. */
public final class CacheInspection {

    private final EnvironmentSettings settings;
    private final EnvironmentCache cache;

    /**
     * Of the cache of these settings.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when they switch the cache off
     */
    public CacheInspection(EnvironmentSettings settings, InstantSource clock) {
        if (!settings.caching()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    EnvironmentSettings.CACHE.key() + " is empty, so that no environments are kept");
        }
        this.settings = settings;
        this.cache = new EnvironmentCache(settings, new TreeCopy(1, settings.hardLinks()), clock);
    }

    /** All copies, the one used last first. */
    public List<CachedEnvironment> list() {
        return reading(() -> {
            List<CachedEnvironment> all = new ArrayList<>();
            for (EnvironmentKey key : cache.keys()) {
                all.add(describe(key));
            }
            all.sort(Comparator.comparing(CachedEnvironment::used).reversed());
            return all;
        });
    }

    private CachedEnvironment describe(EnvironmentKey key) throws IOException {
        Optional<Manifest> manifest = cache.manifest(key);
        return new CachedEnvironment(
                key.value(),
                manifest.map(Manifest::identity).orElseGet(TreeMap::new),
                Instant.ofEpochMilli(manifest.map(Manifest::created).orElse(0L)),
                cache.used(key).toInstant(),
                manifest.map(known -> known.files().size()).orElse(0),
                manifest.map(known -> known.files().values().stream()
                                .mapToLong(Stamp::size)
                                .sum())
                        .orElse(0L));
    }

    /**
     * The copy whose key starts with a text.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID} when there is none, or more than one
     */
    public CachedEnvironment find(String key) {
        List<CachedEnvironment> found =
                list().stream().filter(one -> one.key().startsWith(key)).toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new AgentException(
                ErrorCode.COMMAND_LINE_INVALID,
                (found.isEmpty() ? "no environment" : "more than one environment") + " in '" + settings.cache()
                        + "' has a key that starts with '" + key + "'; 'cache ls' lists them");
    }

    /** The keys of copies that are damaged: of no use, or with files that are not those which were written down. */
    public List<String> damaged() {
        return reading(() -> {
            List<String> damaged = new ArrayList<>();
            for (EnvironmentKey key : cache.keys()) {
                Optional<Manifest> manifest = cache.manifest(key);
                boolean whole = manifest.isPresent()
                        && Files.isDirectory(cache.copy(key))
                        && manifest.get().describes(FileTree.of(cache.copy(key)).entries());
                if (!whole) {
                    damaged.add(key.value());
                }
            }
            return damaged;
        });
    }

    /**
     * Remove a copy.
     *
     * @return whether it is gone; a task that uses it keeps it
     */
    public boolean remove(String key) {
        return reading(() -> cache.remove(new EnvironmentKey(key)));
    }

    private <T> T reading(Access<T> access) {
        try {
            return access.get();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot read the environment cache in '" + settings.cache() + "': " + e.getMessage(),
                    e);
        }
    }

    /** Reads or changes files. */
    private interface Access<T> {
        T get() throws IOException;
    }
}
