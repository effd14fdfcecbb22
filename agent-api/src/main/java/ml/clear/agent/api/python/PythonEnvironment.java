// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * An environment that is ready.
 *
 * @param folder where it lies
 * @param python the command that starts its interpreter, to which the interpreter's own arguments are added
 * @param variables environment variables that the task's process needs because of it
 * @param frozen what is installed, one requirement a line
 */
@Stability.Incubating(since = "0.1")
public record PythonEnvironment(Path folder, List<String> python, Map<String, String> variables, List<String> frozen) {

    /** Copies the collections and checks them. */
    public PythonEnvironment {
        Objects.requireNonNull(folder);
        python = List.copyOf(python);
        variables = Map.copyOf(variables);
        frozen = List.copyOf(frozen);
        if (python.isEmpty()) {
            throw new IllegalArgumentException("an environment needs a command for its interpreter");
        }
    }
}
