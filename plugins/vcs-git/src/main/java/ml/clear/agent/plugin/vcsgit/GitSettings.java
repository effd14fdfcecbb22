// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.vcs.VcsSettings;

/**
 * The configuration of git.
 *
 * @param rewriting how addresses are changed before they are used
 * @param fetching the arguments of {@code agent.git_fetch_args}, grouped by their effect
 * @param cacheEnabled whether mirrors are kept
 * @param cachePath where they are kept
 * @param cloneOnFetchFailure whether a mirror that cannot be updated is made anew
 * @param longestUnused how long a mirror is kept after its last use; zero for ever
 * @param mostBytes what all mirrors may take; zero for any size
 * @param verbose whether progress is reported often
 */
record GitSettings(
        AddressRewriting rewriting,
        FetchArguments fetching,
        boolean cacheEnabled,
        Path cachePath,
        boolean cloneOnFetchFailure,
        Duration longestUnused,
        long mostBytes,
        boolean verbose) {

    static final Setting<Boolean> FORCE_SSH = Setting.of(
            "agent.force_git_ssh_protocol",
            ValueTypes.BOOLEAN,
            false,
            "Reach repositories with an https address over ssh instead");
    static final Setting<Optional<Long>> FORCE_SSH_PORT = Setting.optional(
            "agent.force_git_ssh_port",
            ValueTypes.INTEGER,
            "Port of ssh where ssh is forced; the usual one when unset");
    static final Setting<Optional<String>> FORCE_SSH_USER = Setting.optional(
            "agent.force_git_ssh_user", ValueTypes.TEXT, "User of ssh where ssh is forced; git when unset");
    static final Setting<Boolean> TRANSLATE_SSH = Setting.of(
            "agent.translate_ssh",
            ValueTypes.BOOLEAN,
            true,
            "Reach repositories with an ssh address over https when user and password for the host are known");
    static final Setting<String> REPLACEMENT_SCHEME = Setting.of(
                    "agent.translate_ssl_replacement_scheme",
                    ValueTypes.TEXT,
                    "https",
                    "The scheme that takes the place of ssh when agent.translate_ssh changes an address")
            .environment("CLEARML_AGENT_SSH_URL_REPLACEMENT_SCHEME");
    static final Setting<List<String>> FETCH_ARGUMENTS = Setting.of(
            "agent.git_fetch_args",
            ValueTypes.list(ValueTypes.TEXT),
            List.of("--all", "--tags", "--recurse-submodules"),
            "Options of git fetch, passed to it; branches are always fetched, --no-tags and --no-recurse-submodules leave out"
                    + " tags and submodules, and --depth or --filter fetch without the cache");
    static final Setting<Boolean> VERBOSE = Setting.of(
                    "agent.git_clone_verbose",
                    ValueTypes.BOOLEAN,
                    false,
                    "Report the progress of transfers every second")
            .environment("CLEARML_AGENT_GIT_CLONE_VERBOSE");
    static final Setting<Boolean> CACHE_ENABLED = Setting.of(
            "agent.vcs_cache.enabled",
            ValueTypes.BOOLEAN,
            true,
            "Keep a mirror of every repository, so that a known commit needs no network");
    static final Setting<Path> CACHE_PATH = Setting.of(
            "agent.vcs_cache.path",
            ValueTypes.PATH,
            Path.of(System.getProperty("user.home"), ".clearml", "vcs-cache"),
            "The folder of the mirrors; several agents may share it");
    static final Setting<Boolean> CLONE_ON_FETCH_FAILURE = Setting.of(
            "agent.vcs_cache.clone_on_pull_fail",
            ValueTypes.BOOLEAN,
            false,
            "Clone a repository again when its mirror cannot be updated, instead of failing");

    static final Setting<Duration> LONGEST_UNUSED = Setting.of(
            "agent.vcs_cache.max_age_days",
            ValueTypes.duration(ChronoUnit.DAYS),
            Duration.ofDays(90),
            "Evict a mirror that was not used for this long; 0 keeps it for ever");
    static final Setting<Long> MOST_BYTES = Setting.of(
            "agent.vcs_cache.max_size",
            ValueTypes.BYTES,
            0L,
            "Evict the least recently used mirrors when all take more, such as 50GB; 0 for any size");

    static final List<Setting<?>> DECLARED = List.of(
            FORCE_SSH,
            FORCE_SSH_PORT,
            FORCE_SSH_USER,
            TRANSLATE_SSH,
            REPLACEMENT_SCHEME,
            FETCH_ARGUMENTS,
            VERBOSE,
            CACHE_ENABLED,
            CACHE_PATH,
            CLONE_ON_FETCH_FAILURE,
            LONGEST_UNUSED,
            MOST_BYTES);

    static GitSettings from(Settings settings) {
        AddressRewriting rewriting = new AddressRewriting(
                settings.get(FORCE_SSH),
                settings.get(FORCE_SSH_PORT).map(Long::intValue).orElse(-1),
                settings.get(FORCE_SSH_USER).orElse(""),
                VcsSettings.host(settings),
                settings.get(TRANSLATE_SSH),
                settings.get(REPLACEMENT_SCHEME));
        return new GitSettings(
                rewriting,
                FetchArguments.of(settings.get(FETCH_ARGUMENTS)),
                settings.get(CACHE_ENABLED),
                settings.get(CACHE_PATH).toAbsolutePath().normalize(),
                settings.get(CLONE_ON_FETCH_FAILURE),
                settings.get(LONGEST_UNUSED),
                settings.get(MOST_BYTES),
                settings.get(VERBOSE));
    }

    /** Whether mirrors are used: not when they are disabled, or when the options of git fetch limit the history. */
    boolean usesMirrors() {
        return cacheEnabled && fetching.limiting().isEmpty();
    }
}
