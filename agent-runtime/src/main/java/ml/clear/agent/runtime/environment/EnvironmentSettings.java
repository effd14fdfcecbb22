// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.python.PackageSettings;

/**
 * The configuration of environments.
 *
 * @param folder where the environments of running tasks lie
 * @param cache where copies for later tasks lie; empty for no cache
 * @param maximumEntries how many copies are kept, at least 1
 * @param freeBytes how much of the disk a new copy must leave free, 0 for no limit
 * @param lockTimeout how long to wait for another agent that builds the same; empty for as long as it lives
 * @param hardLinks whether the files of packages are shared among tasks by hard links
 * @param updating whether an environment that the cache lacks is made from the nearest one that it has
 */
public record EnvironmentSettings(
        Path folder,
        Path cache,
        long maximumEntries,
        long freeBytes,
        List<Duration> lockTimeout,
        boolean hardLinks,
        boolean updating) {

    /** Where environments of running tasks lie. */
    public static final Setting<Path> FOLDER = Setting.of(
            "agent.venvs_dir",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.clearml/venvs-builds"),
            "Folder for the environments of running tasks");

    /** Where the cache lies. */
    public static final Setting<String> CACHE = PackageSettings.ENVIRONMENT_CACHE;

    /** How many environments the cache keeps. */
    public static final Setting<Long> MAXIMUM_ENTRIES = Setting.of(
            "agent.venvs_cache.max_entries",
            ValueTypes.INTEGER,
            10L,
            "How many environments the cache keeps; the one not used for longest goes first");

    /** How much must stay free. */
    public static final Setting<Double> FREE_SPACE = Setting.of(
            "agent.venvs_cache.free_space_threshold_gb",
            ValueTypes.NUMBER,
            2.0,
            "GiB of the disk that the cache leaves free, giving up its oldest environments for it; 0 for no limit");

    /** How long to wait for another agent. */
    public static final Setting<Optional<Duration>> LOCK_TIMEOUT = Setting.optional(
            "agent.venvs_cache.lock_timeout",
            ValueTypes.duration(ChronoUnit.SECONDS),
            "Longest wait for another agent that builds the same environment, before building it without the cache; "
                    + "as long as that agent lives when absent");

    /** Whether the files of packages are shared. */
    public static final Setting<Boolean> HARD_LINKS = Setting.of(
            "agent.venvs_cache.hard_links",
            ValueTypes.BOOLEAN,
            true,
            "Share the files of packages among environments by hard links; with false only libraries and compiled modules "
                    + "are shared, so that a task may edit the sources of its packages in place");

    /** Whether nearest environments are updated. */
    public static final Setting<Boolean> UPDATE = Setting.of(
            "agent.venv_update.enabled",
            ValueTypes.BOOLEAN,
            false,
            "Make an environment that the cache lacks from the nearest one that it has, with pip or uv: what is missing is installed,"
                    + " what is not needed is removed, and a package that fits stays in its version");

    private static final double GIBIBYTE = 1L << 30;

    /** Checks the numbers. */
    public EnvironmentSettings {
        lockTimeout = List.copyOf(lockTimeout);
        maximumEntries = Math.max(1, maximumEntries);
        freeBytes = Math.max(0, freeBytes);
    }

    /** The settings to declare. */
    public static List<Setting<?>> all() {
        return List.of(FOLDER, CACHE, MAXIMUM_ENTRIES, FREE_SPACE, LOCK_TIMEOUT, HARD_LINKS, UPDATE);
    }

    /** Read them. */
    public static EnvironmentSettings of(Settings settings) {
        String cache = settings.get(CACHE).strip();
        return new EnvironmentSettings(
                settings.get(FOLDER).toAbsolutePath(),
                cache.isEmpty() ? Path.of("") : ValueTypes.PATH.parse(cache).toAbsolutePath(),
                settings.get(MAXIMUM_ENTRIES),
                Math.round(settings.get(FREE_SPACE) * GIBIBYTE),
                settings.get(LOCK_TIMEOUT).stream().toList(),
                settings.get(HARD_LINKS),
                settings.get(UPDATE));
    }

    /** Whether there is a cache. */
    public boolean caching() {
        return !cache.toString().isEmpty();
    }
}
