// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.vcs.VcsSettings;

/**
 * What the configuration says about git.
 *
 * @param rewriting how addresses are changed before they are used
 * @param fetchArguments the words of {@code agent.git_fetch_args}
 * @param cacheEnabled whether mirrors are kept
 * @param cachePath where they are kept
 * @param cloneOnFetchFailure whether a mirror that cannot be updated is made anew
 * @param verbose whether every step of a transfer is told
 */
record GitSettings(
        AddressRewriting rewriting,
        List<String> fetchArguments,
        boolean cacheEnabled,
        Path cachePath,
        boolean cloneOnFetchFailure,
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
            "Options of git fetch; --no-tags and --no-recurse-submodules have an effect, branches are always fetched");
    static final Setting<Boolean> VERBOSE = Setting.of(
                    "agent.git_clone_verbose", ValueTypes.BOOLEAN, false, "Tell every step of a transfer")
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
            "Make a mirror anew when it cannot be updated, instead of failing");

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
            CLONE_ON_FETCH_FAILURE);

    GitSettings {
        fetchArguments = List.copyOf(fetchArguments);
    }

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
                settings.get(FETCH_ARGUMENTS),
                settings.get(CACHE_ENABLED),
                settings.get(CACHE_PATH).toAbsolutePath().normalize(),
                settings.get(CLONE_ON_FETCH_FAILURE),
                settings.get(VERBOSE));
    }

    boolean fetchesTags() {
        return !fetchArguments.contains("--no-tags") && !fetchArguments.contains("-n");
    }

    boolean fetchesSubmodules() {
        return !fetchArguments.contains("--no-recurse-submodules")
                && !fetchArguments.contains("--recurse-submodules=no");
    }
}
