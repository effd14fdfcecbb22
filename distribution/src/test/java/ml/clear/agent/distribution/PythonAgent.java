// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The Python agent from the package index, of a pinned version and with pinned dependencies.
 *
 * @param packages what is installed
 */
record PythonAgent(PythonPackages packages) {

    /** Installs it when it is missing. */
    static PythonAgent installed() throws IOException {
        return new PythonAgent(PythonPackages.installed("agent", "clearml-agent"));
    }

    /** The installed command. */
    String command() {
        return packages.command("clearml-agent");
    }

    /** Its interpreter. */
    Path python() {
        return Path.of(packages.command("python"));
    }

    /** The name of its interpreter with both numbers, such as {@code python3.11}: tasks name theirs so. */
    String interpreter() {
        Shell.Finished asked = Shell.in(packages.environment())
                .run(python().toString(), "-c", "import sys; print('python%d.%d' % sys.version_info[:2])");
        assertThat(asked.status()).as(asked.err()).isZero();
        return asked.out().strip();
    }
}
