// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** What is hidden when the configuration is printed. */
public final class PrintoutSettings {

    /** Names whose values are hidden. */
    public static final Setting<List<String>> HIDE_SECRETS = Setting.of(
            "agent.sanitize_config_printout.hide_secrets",
            list(TEXT),
            List.of("^sanitize_config_printout$", "secret", "pass", "token", "account_key", "contents"),
            "Patterns of key names whose values are hidden; declared keys are hidden by their type unless this is set");

    /** Names of blocks in which every value is hidden. */
    public static final Setting<List<String>> HIDE_SECRETS_RECURSIVE = Setting.of(
            "agent.sanitize_config_printout.hide_secrets_recursive",
            list(TEXT),
            List.of("^environment$"),
            "Patterns of names of blocks in which every value is hidden");

    /** Exceptions. */
    public static final Setting<List<String>> DONT_HIDE_SECRETS = Setting.of(
            "agent.sanitize_config_printout.dont_hide_secrets",
            list(TEXT),
            List.of("^enable_git_ask_pass$"),
            "Patterns of key names that are shown although another pattern hides them");

    /** Keys that hold arguments for docker. */
    public static final Setting<List<String>> DOCKER_COMMANDS = Setting.of(
            "agent.sanitize_config_printout.docker_commands",
            list(TEXT),
            List.of("^extra_docker_arguments$", "^protected_docker_extra_args$", "^arguments$"),
            "Patterns of key names that hold arguments for docker, in which values of secret variables are hidden");

    /** Whether secrets in arguments for docker are hidden. */
    public static final Setting<Boolean> HIDE_IN_DOCKER_COMMANDS = Setting.of(
            "agent.hide_docker_command_env_vars.enabled",
            BOOLEAN,
            true,
            "Whether values of secret variables are hidden in printed arguments for docker");

    /** Further secret variables in arguments for docker. */
    public static final Setting<List<String>> HIDDEN_DOCKER_VARIABLES = Setting.of(
                    "agent.hide_docker_command_env_vars.extra_keys",
                    list(TEXT),
                    List.of(),
                    "More variables whose values are hidden in printed arguments for docker")
            .environment("CLEARML_AGENT_DOCKER_ARGS_HIDE_ENV");

    /** Keys that hold addresses. */
    public static final Setting<List<String>> URLS = Setting.of(
            "agent.sanitize_config_printout.urls",
            list(TEXT),
            List.of("^extra_index_url$"),
            "Patterns of key names that hold addresses; passwords in addresses are hidden in every key");

    /** What the console of each task begins with. */
    public static final Setting<Printout> TASK_PRINTOUT = Setting.of(
            "agent.task_printout",
            ValueTypes.choice(Printout.class),
            Printout.SET,
            "What the console of each task begins with: all values of the configuration, those that files and variables set,"
                    + " or none; secrets are masked");

    /** Which values are printed. */
    public enum Printout {
        /** All that are in effect. */
        ALL,
        /** Only values that are not defaults. */
        SET,
        /** None. */
        NONE
    }

    private PrintoutSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                HIDE_SECRETS,
                HIDE_SECRETS_RECURSIVE,
                DONT_HIDE_SECRETS,
                DOCKER_COMMANDS,
                HIDE_IN_DOCKER_COMMANDS,
                HIDDEN_DOCKER_VARIABLES,
                URLS,
                TASK_PRINTOUT);
    }
}
