// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.SharedCache;
import ml.clear.agent.api.process.Console;

/**
 * The cache of repositories in {@code agent.vcs_cache.path}, which all version control systems share: one folder for each
 * system and address, locked while it is used. Safe for several threads.
 */
@Stability.Incubating(since = "0.1")
public final class RepositoryCache {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final int DIGEST_BYTES = 8;

    private final String system;
    private final SharedCache entries;

    /**
     * The repositories of one system.
     *
     * @param system its name, as in {@code hg+https://…}
     * @param settings the settings of the plugin, which include {@link VcsSettings}
     */
    public RepositoryCache(String system, Settings settings, InstantSource clock) {
        this.system = system;
        this.entries = new SharedCache(
                settings.get(VcsSettings.CACHE_PATH),
                new SharedCache.Limits(
                        settings.get(VcsSettings.CACHE_LONGEST_UNUSED), settings.get(VcsSettings.CACHE_MOST_BYTES)),
                clock);
    }

    /** The folder of a repository, which may be absent. */
    public Path place(RepositoryAddress address) {
        return entries.place(name(address));
    }

    /**
     * Lock the folder of a repository and record its use. The console gets a line when another task has the lock.
     *
     * @throws AgentException {@code LOCKED} when the lock was not free for an hour
     */
    public SharedCache.Entry open(RepositoryAddress address, Console console) throws IOException, InterruptedException {
        String name = name(address);
        return entries.open(
                        name,
                        PATIENCE,
                        () -> console.line(system + ": waiting for another task that fetches the same repository"))
                .orElseThrow(
                        () -> new AgentException(
                                ErrorCode.LOCKED,
                                "another process has held '" + entries.lockFile(name)
                                        + "' for an hour; end it, or set agent.vcs_cache.path to a folder of this agent's own"));
    }

    /** Evict repositories beyond the limits of the settings; see {@link SharedCache#evict}. */
    public void evict() {
        entries.evict();
    }

    private String name(RepositoryAddress address) {
        String readable = address.name().replaceAll("[^A-Za-z0-9._-]", "_");
        String identity = system + "+" + address.scheme() + "://" + address.user() + "@" + address.host() + ":"
                + address.port() + address.path();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return readable + "-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
