// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.VcsSettings;

/**
 * The credentials that the configuration names.
 *
 * @param entries in the order in which they are tried; the general pair comes last
 * @param matchPrefix whether hosts are compared as the beginning of the address
 * @param scheme how the password is sent
 */
record CredentialSettings(List<Entry> entries, boolean matchPrefix, Scheme scheme) {

    /** How a password is sent. */
    enum Scheme {
        /** User and password. */
        PAIR,
        /** As a token of its own, {@code Authorization: Bearer}. */
        BEARER,
        /** As a personal access token: the password of a user without name. */
        PERSONAL_TOKEN
    }

    /**
     * User and password for a host.
     *
     * @param host empty for every host
     */
    record Entry(String user, Secret password, String host) {}

    static final Setting<Optional<String>> USER = Setting.optional(
                    "agent.git_user", ValueTypes.TEXT, "User for repositories over https")
            .environment("CLEARML_AGENT_GIT_USER", "TRAINS_AGENT_GIT_USER");
    static final Setting<Optional<Secret>> PASS = Setting.optional(
                    "agent.git_pass", ValueTypes.SECRET, "Password or token for repositories over https")
            .environment("CLEARML_AGENT_GIT_PASS", "TRAINS_AGENT_GIT_PASS");
    static final Setting<Boolean> ENTRA_TOKEN = Setting.of(
                    "agent.git_use_ms_entra_token",
                    ValueTypes.BOOLEAN,
                    false,
                    "Send the password as the token of Microsoft Entra, Authorization: Bearer")
            .environment("CLEARML_AGENT_GIT_USE_MS_ENTRA_TOKEN");
    static final Setting<Boolean> AZURE_PAT = Setting.of(
                    "agent.git_use_azure_pat",
                    ValueTypes.BOOLEAN,
                    false,
                    "Send the password as a personal access token of Azure DevOps, without a user")
            .environment("CLEARML_AGENT_GIT_USE_AZURE_PAT");

    static final Setting<Optional<String>> ENTRY_USER = Setting.optional("user", ValueTypes.TEXT, "User for this host");
    static final Setting<Optional<String>> ENTRY_USERNAME =
            Setting.optional("username", ValueTypes.TEXT, "The same as user");
    static final Setting<Optional<Secret>> ENTRY_PASS =
            Setting.optional("pass", ValueTypes.SECRET, "Password or token for this host");
    static final Setting<Optional<Secret>> ENTRY_PASSWORD =
            Setting.optional("password", ValueTypes.SECRET, "The same as pass");
    static final Setting<Optional<String>> ENTRY_HOST = Setting.optional("host", ValueTypes.TEXT, "The host");
    static final Setting<List<Settings>> EXTRA = Setting.of(
            "agent.git.extra_credentials",
            ValueTypes.list(
                    ValueTypes.group(List.of(ENTRY_USER, ENTRY_USERNAME, ENTRY_PASS, ENTRY_PASSWORD, ENTRY_HOST))),
            List.of(),
            "Credentials for single hosts, tried in order before agent.git_user and agent.git_pass");

    static final List<Setting<?>> DECLARED = List.of(USER, PASS, EXTRA, ENTRA_TOKEN, AZURE_PAT);

    CredentialSettings {
        entries = List.copyOf(entries);
    }

    /** Read the settings. Entries that lack user, password or host have no effect. */
    static CredentialSettings from(Settings settings) {
        List<Entry> entries = new ArrayList<>();
        for (Settings entry : settings.get(EXTRA)) {
            String user =
                    entry.get(ENTRY_USER).or(() -> entry.get(ENTRY_USERNAME)).orElse("");
            Secret password =
                    entry.get(ENTRY_PASS).or(() -> entry.get(ENTRY_PASSWORD)).orElse(Secret.of(""));
            String host = entry.get(ENTRY_HOST).orElse("").strip();
            if (!user.isBlank() && !password.isEmpty() && !host.isEmpty()) {
                entries.add(new Entry(user, password, host));
            }
        }
        Scheme scheme = settings.get(ENTRA_TOKEN)
                ? Scheme.BEARER
                : settings.get(AZURE_PAT) ? Scheme.PERSONAL_TOKEN : Scheme.PAIR;
        String user = settings.get(USER).map(String::strip).orElse("");
        Secret password = settings.get(PASS).orElse(Secret.of(""));
        if (!password.isEmpty() && (!user.isEmpty() || scheme != Scheme.PAIR)) {
            entries.add(new Entry(
                    user,
                    password,
                    settings.get(VcsSettings.HOST).map(String::strip).orElse("")));
        }
        return new CredentialSettings(entries, settings.get(VcsSettings.MATCH_PREFIX), scheme);
    }
}
