// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.SecretFile;

/**
 * What a program that starts git or another version control system itself, such as pip, needs to reach repositories.
 *
 * @param variables variables without secrets
 * @param secretFiles credentials
 */
@Stability.Incubating(since = "0.1")
public record ProgramAccess(Map<String, String> variables, List<SecretFile> secretFiles) {

    /** The program needs nothing. */
    public static final ProgramAccess NONE = new ProgramAccess(Map.of(), List.of());

    /** Copies the collections. */
    public ProgramAccess {
        variables = Map.copyOf(variables);
        secretFiles = List.copyOf(secretFiles);
    }

    /** Give the access to a program. */
    public Command.Builder grant(Command.Builder command) {
        secretFiles.forEach(command::secretFile);
        return command.environment(variables);
    }

    /** This access together with that of another version control system. */
    public ProgramAccess and(ProgramAccess other) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(other.variables);
        List<SecretFile> files = new ArrayList<>(secretFiles);
        files.addAll(other.secretFiles);
        return new ProgramAccess(all, files);
    }
}
