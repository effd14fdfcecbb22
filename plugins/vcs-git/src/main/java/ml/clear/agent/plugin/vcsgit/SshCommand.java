// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.ShellWords;

/** The command by which git reaches ssh servers: the user's own if configured, with prompts disabled. */
final class SshCommand {

    private static final String USUAL = "ssh";
    private static final String OPTIONS =
            " -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15 -oServerAliveCountMax=4";

    private SshCommand() {}

    /**
     * The value of {@code GIT_SSH_COMMAND}.
     *
     * @param environment the variables of the agent
     * @param user the user's configuration of git
     * @param privateKey the only key to use; those of the user when empty
     * @return empty when the user's program is used unchanged
     */
    static Optional<String> of(Map<String, String> environment, UserConfiguration user, Optional<Path> privateKey) {
        String base = base(environment, user);
        String options = isOpenSsh(base) ? OPTIONS : "";
        String key = privateKey
                .map(file -> " -oIdentitiesOnly=yes -i " + ShellWords.quote(file.toString()))
                .orElse("");
        return options.isEmpty() && key.isEmpty() ? Optional.empty() : Optional.of(base + options + key);
    }

    /** In git's own order. */
    private static String base(Map<String, String> environment, UserConfiguration user) {
        String command = environment.getOrDefault("GIT_SSH_COMMAND", "");
        if (!command.isBlank()) {
            return command;
        }
        String program = environment.getOrDefault("GIT_SSH", "");
        return user.get("core.sshcommand")
                .filter(configured -> !configured.isBlank())
                .orElseGet(() -> program.isBlank() ? USUAL : ShellWords.quote(program));
    }

    private static boolean isOpenSsh(String command) {
        String program = command.strip().split("\\s+", 2)[0].replaceAll("[\"']", "");
        return program.substring(program.lastIndexOf('/') + 1).equals(USUAL);
    }
}
