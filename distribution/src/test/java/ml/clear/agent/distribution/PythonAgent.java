// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Python agent from the package index, of a pinned version and with pinned dependencies, in a virtual environment that
 * outlives the test.
 *
 * @param environment the virtual environment
 */
record PythonAgent(Path environment) {

    private static final Path REQUIREMENTS =
            Path.of(System.getProperty("repository")).resolve("distribution/src/test/python/agent-requirements.txt");

    /** Installs it when it is missing; where that is not possible the test is skipped, or fails if real parts are required. */
    static PythonAgent installed() throws IOException {
        Path environment = Installation.ARCHIVE.resolveSibling("python-agent");
        String requirements = Files.readString(REQUIREMENTS);
        PreparedOnce.in(environment, requirements, () -> install(environment));
        boolean installed = Files.exists(environment.resolve("bin/clearml-agent"));
        assertThat(installed || !Boolean.getBoolean("require.real"))
                .as("Python 3 with venv, and the packages of " + REQUIREMENTS)
                .isTrue();
        assumeTrue(installed, "Python 3 with venv and a package index are needed");
        return new PythonAgent(environment);
    }

    private static void install(Path environment) {
        Shell shell = Shell.in(environment.resolveSibling("."));
        if (shell.run("python3", "-m", "venv", "--clear", environment.toString())
                        .status()
                == 0) {
            shell.run(environment.resolve("bin/pip").toString(), "install", "--quiet", "-r", REQUIREMENTS.toString());
        }
    }

    /** The installed command. */
    String command() {
        return environment.resolve("bin/clearml-agent").toString();
    }

    /** The name of its interpreter with both numbers, such as {@code python3.11}: tasks name theirs so. */
    String interpreter() {
        Shell.Finished asked = Shell.in(environment)
                .run(
                        environment.resolve("bin/python").toString(),
                        "-c",
                        "import sys; print('python%d.%d' % sys.version_info[:2])");
        assertThat(asked.status()).as(asked.err()).isZero();
        return asked.out().strip();
    }
}
