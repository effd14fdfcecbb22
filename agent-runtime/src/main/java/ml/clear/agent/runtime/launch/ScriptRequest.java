// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A script on this machine to make a task of.
 *
 * @param script the file
 * @param arguments what it is started with
 * @param requirements a requirements file; null for the one beside the script, if there is one
 * @param python the interpreter it asks for, such as {@code python3.11}
 * @param scriptOnly whether to send the text of the script even when it lies in a repository
 */
public record ScriptRequest(
        Path script, List<String> arguments, @Nullable Path requirements, String python, boolean scriptOnly) {

    /** Copies the arguments. */
    public ScriptRequest {
        Objects.requireNonNull(script);
        arguments = List.copyOf(arguments);
        Objects.requireNonNull(python);
    }
}
