// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Requirements;

/**
 * The Python environment that a task asks for.
 *
 * @param python the version or path of the interpreter asked for, such as {@code 3.11}; empty when the task does not
 *     say
 * @param requirements the packages that the task names; when there are none, files in the sources may name them
 * @param sources where the code lies; relative paths in requirements start here
 * @param target where the packages go
 * @param image the container image that the task names, empty when it names none; some configurations mean a ready
 *     environment by it
 * @param console where progress is reported
 */
@Stability.Incubating(since = "0.1")
public record EnvironmentRequest(
        String python, Requirements requirements, SourceTree sources, Target target, String image, Console console) {

    /** Checks for absence. */
    public EnvironmentRequest {
        Objects.requireNonNull(python);
        Objects.requireNonNull(requirements);
        Objects.requireNonNull(sources);
        Objects.requireNonNull(target);
        Objects.requireNonNull(image);
        Objects.requireNonNull(console);
    }

    /** A request of a task that names no container image. */
    public EnvironmentRequest(
            String python, Requirements requirements, SourceTree sources, Target target, Console console) {
        this(python, requirements, sources, target, "", console);
    }

    /** A request for a new environment. */
    public EnvironmentRequest(String python, Requirements requirements, SourceTree sources, Console console) {
        this(python, requirements, sources, new Target.New(), console);
    }

    /** Where the packages of a task go. */
    public sealed interface Target {

        /** Into an environment of the task's own. */
        record New() implements Target {}

        /**
         * Into the environment of an interpreter that exists, such as the one of a container image.
         *
         * @param interpreter its path or name; empty for the one that the task or the configuration asks for
         */
        record Existing(String interpreter) implements Target {

            /** Checks for absence. */
            public Existing {
                Objects.requireNonNull(interpreter);
            }
        }
    }

    /**
     * The code of a task.
     *
     * @param root the root of the repository, or the folder with the script
     * @param scriptFolder the folder in which the script runs; the root or below it
     * @param repository whether it comes from a repository, whose own files may name requirements
     */
    public record SourceTree(Path root, Path scriptFolder, boolean repository) {

        /** Checks that the script lies in the tree. */
        public SourceTree {
            if (!scriptFolder.startsWith(root)) {
                throw new IllegalArgumentException("'" + scriptFolder + "' is not below '" + root + "'");
            }
        }
    }
}
