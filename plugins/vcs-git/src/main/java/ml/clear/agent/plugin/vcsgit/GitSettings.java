// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

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
 * @param cloneOnFetchFailure whether a mirror that cannot be updated is created again
 * @param verbose whether progress is reported often
 */
record GitSettings(
        AddressRewriting rewriting,
        FetchArguments fetching,
        boolean cacheEnabled,
        boolean cloneOnFetchFailure,
        boolean verbose) {

    static final Setting<Boolean> FORCE_SSH = Setting.of(
            "agent.force_git_ssh_protocol",
            ValueTypes.BOOLEAN,
            false,
            "Reach repositories with an https address over ssh instead");
    static final Setting<Optional<Long>> FORCE_SSH_PORT = Setting.optional(
            "agent.force_git_ssh_port",
            ValueTypes.integer(0, 65535),
            "Port of ssh where ssh is forced; the usual one when unset or 0");
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
    static final List<Setting<?>> DECLARED = List.of(
            FORCE_SSH, FORCE_SSH_PORT, FORCE_SSH_USER, TRANSLATE_SSH, REPLACEMENT_SCHEME, FETCH_ARGUMENTS, VERBOSE);

    static GitSettings from(Settings settings) {
        AddressRewriting rewriting = new AddressRewriting(
                settings.get(FORCE_SSH),
                settings.get(FORCE_SSH_PORT)
                        .filter(port -> port > 0)
                        .map(Long::intValue)
                        .orElse(-1),
                settings.get(FORCE_SSH_USER).orElse(""),
                VcsSettings.host(settings),
                settings.get(TRANSLATE_SSH),
                settings.get(REPLACEMENT_SCHEME));
        return new GitSettings(
                rewriting,
                FetchArguments.of(settings.get(FETCH_ARGUMENTS)),
                settings.get(VcsSettings.CACHE_ENABLED),
                settings.get(VcsSettings.CACHE_CLONE_ON_FAILURE),
                settings.get(VERBOSE));
    }

    /** Whether mirrors are used: not when they are disabled, or when the options of git fetch limit the history. */
    boolean usesMirrors() {
        return cacheEnabled && fetching.limiting().isEmpty();
    }
}
