// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/**
 * Text that a program, and the programs that it starts, read from a file that has no name in any folder. The text appears in no
 * argument, in no variable and in no folder, and is gone when the program ends. Only processes of the same user can open the file.
 *
 * @param text the content
 * @param variables names of variables of the command; when it starts, the path of the file is appended to the value of each
 */
@Stability.Incubating(since = "0.1")
public record SecretFile(Secret text, List<String> variables) {

    /** Copies and checks the names. */
    public SecretFile {
        Objects.requireNonNull(text);
        variables = List.copyOf(variables);
        for (String variable : variables) {
            if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException("'" + variable + "' is no name of a variable");
            }
        }
    }
}
