// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts a command into a session of its own, so that Ctrl-C on the agent's terminal does not reach it.
 *
 * <p>Java cannot call {@code setsid(2)} itself without native code, so the program of the same name does it: it replaces
 * itself with the command, which keeps the process number. Without the program the command runs in the agent's session.
 */
record SessionLeader(List<String> prefix) {

    private static final Pattern SEPARATOR = Pattern.compile(":");

    static SessionLeader find(Map<String, String> environment) {
        return SEPARATOR
                .splitAsStream(environment.getOrDefault("PATH", "/usr/bin:/bin"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "setsid"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new SessionLeader(List.of(program.toString())))
                .orElseGet(() -> new SessionLeader(List.of()));
    }

    List<String> commandFor(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }
}
