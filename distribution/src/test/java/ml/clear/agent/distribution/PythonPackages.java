// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Packages of pinned versions from the package index, in a virtual environment that outlives the test.
 *
 * @param environment the virtual environment
 */
record PythonPackages(Path environment) {

    private static final Path REQUIREMENTS =
            Path.of(System.getProperty("repository")).resolve("distribution/src/test/python");

    /**
     * The packages of {@code NAME-requirements.txt}, installed when they are missing; where that is not possible the test is
     * skipped, or fails if real parts are required.
     *
     * @param command what the packages install
     */
    static PythonPackages installed(String name, String command) throws IOException {
        Path requirements = REQUIREMENTS.resolve(name + "-requirements.txt");
        Path environment = Installation.ARCHIVE.resolveSibling("python-" + name);
        PreparedOnce.in(environment, Files.readString(requirements), () -> install(environment, requirements));
        boolean installed = Files.exists(environment.resolve("bin").resolve(command));
        assertThat(installed || !Boolean.getBoolean("require.real"))
                .as("Python 3 with venv, and the packages of " + requirements)
                .isTrue();
        assumeTrue(installed, "Python 3 with venv and a package index are needed");
        return new PythonPackages(environment);
    }

    private static void install(Path environment, Path requirements) {
        Shell shell = Shell.in(environment.resolveSibling("."));
        if (shell.run("python3", "-m", "venv", "--clear", environment.toString())
                        .status()
                == 0) {
            shell.run(environment.resolve("bin/pip").toString(), "install", "--quiet", "-r", requirements.toString());
        }
    }

    /** An installed command. */
    String command(String name) {
        return environment.resolve("bin").resolve(name).toString();
    }
}
