// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;

/** The settings that version control systems and providers of credentials share, and none declares: the agent does. */
@Stability.Incubating(since = "0.1")
public final class VcsSettings {

    /** The only host that the general credentials, and the forcing of ssh, are for. */
    public static final Setting<Optional<String>> HOST = Setting.optional(
                    "agent.git_host",
                    ValueTypes.TEXT,
                    "The only host that agent.git_user, agent.git_pass and agent.force_git_ssh_protocol are for")
            .environment("CLEARML_AGENT_GIT_HOST", "TRAINS_AGENT_GIT_HOST");

    /** Whether hosts are compared as the beginning of the address. */
    public static final Setting<Boolean> MATCH_PREFIX = Setting.of(
            "agent.git_host_match_prefix",
            ValueTypes.BOOLEAN,
            false,
            "Take a host of credentials as the beginning of an address, such as github.com/team or https://github.com/team");

    /** Whether repositories are kept between tasks. */
    public static final Setting<Boolean> CACHE_ENABLED = Setting.of(
            "agent.vcs_cache.enabled",
            ValueTypes.BOOLEAN,
            true,
            "Keep a mirror of every repository, so that a known commit needs no network");

    /** The folder of the kept repositories. */
    public static final Setting<Path> CACHE_PATH = Setting.of(
            "agent.vcs_cache.path",
            ValueTypes.PATH,
            Path.of(System.getProperty("user.home"), ".clearml", "vcs-cache"),
            "The folder of the mirrors; several agents may share it");

    /** Whether a kept repository is cloned again when it cannot be updated. */
    public static final Setting<Boolean> CACHE_CLONE_ON_FAILURE = Setting.of(
            "agent.vcs_cache.clone_on_pull_fail",
            ValueTypes.BOOLEAN,
            false,
            "Clone a repository again when its mirror cannot be updated, instead of failing");

    /** How long an unused repository is kept; zero for ever. */
    public static final Setting<Duration> CACHE_LONGEST_UNUSED = Setting.of(
            "agent.vcs_cache.max_age_days",
            ValueTypes.duration(ChronoUnit.DAYS),
            Duration.ofDays(90),
            "Evict a mirror that was not used for this long; 0 keeps it for ever");

    /** The most bytes of all kept repositories together; zero for any size. */
    public static final Setting<Long> CACHE_MOST_BYTES = Setting.of(
            "agent.vcs_cache.max_size",
            ValueTypes.BYTES,
            0L,
            "Evict the least recently used mirrors when all take more, such as 50GB; 0 for any size");

    private VcsSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                HOST,
                MATCH_PREFIX,
                CACHE_ENABLED,
                CACHE_PATH,
                CACHE_CLONE_ON_FAILURE,
                CACHE_LONGEST_UNUSED,
                CACHE_MOST_BYTES);
    }

    /** The rule of {@link #HOST}. */
    public static HostRule host(Settings settings) {
        return new HostRule(settings.get(HOST).orElse(""), settings.get(MATCH_PREFIX));
    }
}
