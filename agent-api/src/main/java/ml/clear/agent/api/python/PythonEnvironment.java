// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import ml.clear.agent.api.Stability;

/**
 * An environment that is ready.
 *
 * @param folder the folder of the task that holds it
 * @param interpreter its interpreter: a program that runs Python by itself
 * @param launcher the command that starts a script in the environment, to which the interpreter's own arguments are
 *     added; the interpreter alone unless the package manager starts scripts through another program
 * @param variables environment variables that the task's process needs because of it
 * @param frozen what is installed
 */
@Stability.Incubating(since = "0.1")
public record PythonEnvironment(
        Path folder, Path interpreter, List<String> launcher, Map<String, String> variables, FrozenPackages frozen) {

    /** Copies the collections and checks them. */
    public PythonEnvironment {
        Objects.requireNonNull(folder);
        Objects.requireNonNull(interpreter);
        launcher = List.copyOf(launcher);
        variables = Map.copyOf(variables);
        Objects.requireNonNull(frozen);
        if (launcher.isEmpty()) {
            throw new IllegalArgumentException("an environment needs a command that starts scripts");
        }
    }

    /** An environment whose interpreter starts scripts itself. */
    public PythonEnvironment(Path folder, Path interpreter, Map<String, String> variables, FrozenPackages frozen) {
        this(folder, interpreter, List.of(interpreter.toString()), variables, frozen);
    }

    /**
     * The packages of an environment, as they are recorded in the task so that another machine installs the same.
     *
     * @param pip lines of a requirements file
     * @param conda dependencies of a conda environment
     * @param recorded whether they are recorded; otherwise they are only counted and printed
     */
    public record FrozenPackages(List<String> pip, List<String> conda, boolean recorded) {

        /** No packages. */
        public static final FrozenPackages NONE = new FrozenPackages(List.of(), List.of());

        /** Copies the lists. */
        public FrozenPackages {
            pip = List.copyOf(pip);
            conda = List.copyOf(conda);
        }

        /** Packages that are recorded in the task. */
        public FrozenPackages(List<String> pip, List<String> conda) {
            this(pip, conda, true);
        }

        /** Packages that pip installs. */
        public static FrozenPackages ofPip(List<String> lines) {
            return new FrozenPackages(lines, List.of());
        }

        /** Whether nothing is installed. */
        public boolean isEmpty() {
            return pip.isEmpty() && conda.isEmpty();
        }

        /** How many packages there are, without options and comments among the lines; a line in both lists counts once. */
        public int size() {
            return Math.toIntExact(Stream.concat(pip.stream(), conda.stream())
                    .filter(line -> !line.startsWith("--") && !line.startsWith("#"))
                    .distinct()
                    .count());
        }
    }
}
