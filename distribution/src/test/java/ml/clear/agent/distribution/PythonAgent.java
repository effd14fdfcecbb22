// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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

    /** Runs a task with its {@code execute}, in a home of its own. */
    Shell.Finished execute(Path home, ServerClient server, String task, Map<String, String> variables)
            throws IOException {
        Shell shell = Shell.in(Files.createDirectories(home))
                .with("HOME", home.toString())
                .with("TMPDIR", home.toString())
                .with("CLEARML_API_HOST", server.api().toString())
                .with(
                        "CLEARML_API_ACCESS_KEY",
                        server.credentials().get("access_key").asString())
                .with(
                        "CLEARML_API_SECRET_KEY",
                        server.credentials().get("secret_key").asString());
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            shell = shell.with(variable.getKey(), variable.getValue());
        }
        return shell.run(command(), "execute", "--id", task);
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
