// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/** The variables that make an environment the active one, for a task or for a program that works on it. */
public final class Activation {

    private Activation() {}

    /**
     * The variables.
     *
     * @param surroundings the variables before, of which {@code PATH} is extended
     */
    public static Map<String, String> of(VirtualEnvironment environment, Map<String, String> surroundings) {
        return of(environment.folder(), environment.commands(), surroundings);
    }

    static Map<String, String> of(Path environment, Path commands, Map<String, String> surroundings) {
        String path = surroundings.getOrDefault("PATH", "");
        return Map.of(
                "VIRTUAL_ENV",
                environment.toString(),
                "PATH",
                commands + (path.isEmpty() ? "" : File.pathSeparator + path));
    }
}
