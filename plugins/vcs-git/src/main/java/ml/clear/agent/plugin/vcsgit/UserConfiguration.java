// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The git configuration of user and system, for keys that the agent has defaults for. */
final class UserConfiguration {

    private final Map<String, String> values;

    UserConfiguration(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Ask git, outside of any repository. */
    static UserConfiguration read(GitProgram git) throws GitFailure, InterruptedException {
        String listed = git.run(GitCommand.in(Path.of("/"), "config", "--null", "--list"))
                .output();
        Map<String, String> values = new HashMap<>();
        for (String entry : listed.split("\0")) {
            int end = entry.indexOf('\n');
            if (end > 0) {
                values.put(entry.substring(0, end).toLowerCase(Locale.ROOT), entry.substring(end + 1));
            }
        }
        return new UserConfiguration(values);
    }

    /** The value of a key, which is in lower case. */
    Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** Whether a key of the section {@code http} is set, for all addresses or for some. */
    boolean setsForHttp(String name) {
        return values.keySet().stream().anyMatch(key -> key.startsWith("http.") && key.endsWith("." + name));
    }
}
