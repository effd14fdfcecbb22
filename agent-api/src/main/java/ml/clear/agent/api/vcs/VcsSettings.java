// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

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

    private VcsSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(HOST, MATCH_PREFIX);
    }

    /** The rule of {@link #HOST}. */
    public static HostRule host(Settings settings) {
        return new HostRule(settings.get(HOST).orElse(""), settings.get(MATCH_PREFIX));
    }
}
