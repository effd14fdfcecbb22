// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/**
 * Where packages are installed.
 *
 * @param python the interpreter of the environment
 * @param pip the version of its pip
 * @param scratch a folder of the task for temporary files; exists
 * @param directory the folder in which installers run: the root of the task's code
 */
public record InstallationTarget(Path python, Optional<Version> pip, Path scratch, Path directory) {

    static InstallationTarget of(VirtualEnvironment environment, Path directory) {
        return new InstallationTarget(
                environment.python(),
                InstalledPackages.in(environment.packages()).version("pip"),
                environment.folder(),
                directory);
    }

    static InstallationTarget of(Interpreter interpreter, Path scratch, Path directory) {
        return new InstallationTarget(interpreter.executable(), Version.of(interpreter.pip()), scratch, directory);
    }
}
