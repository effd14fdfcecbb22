// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks in an interpreter that the user names, beside the Python agent. */
@Tag("thorough")
@Timeout(300)
class ExistingInterpreterIT {

    @TempDir
    private static Path folder;

    private static PythonAgent pythonAgent;
    private static AgentHome home;
    private static ServerClient server;

    @BeforeAll
    static void open() throws IOException {
        pythonAgent = PythonAgent.installed();
        home = AgentHome.emptyIn(folder, Installation.shared());
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        server = home.server();
    }

    @AfterAll
    static void close() {
        if (home != null) {
            home.close();
        }
    }

    @Test
    void packagesGoIntoTheInterpreterThatSkipPipVenvInstallNames() throws IOException {
        Path ours = ownEnvironment("own for packages");
        Path theirs = ownEnvironment("own for packages of the Python agent");

        assertThat(bothPrint(
                        Map.of(
                                "binary", pythonAgent.interpreter(),
                                "diff", "import six, sys\nprint('with', six.__version__, sys.prefix)\n",
                                "requirements", Map.of("pip", "six==1.17.0")),
                        Map.of("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", ours.toString()),
                        Map.of("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", theirs.toString())))
                .containsExactly("with 1.17.0 " + environmentOf(ours), "with 1.17.0 " + environmentOf(theirs));
    }

    @Test
    void nothingIsInstalledWithSkipPythonEnvInstallAndTheNamedInterpreterRuns() throws IOException {
        Path python = ownEnvironment("own as it is");
        Map<String, String> variables = Map.of(
                "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", python.toString(), "CLEARML_AGENT_SKIP_PYTHON_ENV_INSTALL", "1");

        assertThat(bothPrint(
                        Map.of(
                                "binary", pythonAgent.interpreter(),
                                "diff", "import sys\nprint('with', sys.prefix)\n",
                                "requirements", Map.of("pip", "no-such-package-anywhere==7")),
                        variables,
                        variables))
                .containsOnly("with " + environmentOf(python));
    }

    /** The line {@code with …} of a task that this agent executes, and of one that the Python agent executes. */
    private static List<String> bothPrint(Map<String, ?> script, Map<String, String> ours, Map<String, String> theirs)
            throws IOException {
        String own = create("of this agent", script);
        AgentHome as = home;
        for (Map.Entry<String, String> variable : ours.entrySet()) {
            as = as.with(variable.getKey(), variable.getValue());
        }
        Shell.Finished ended = as.run("execute", "--id", own);
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        String reference = create("of the Python agent", script);
        Shell.Finished expected = pythonAgent.execute(folder.resolve("python agent"), server, reference, theirs);
        assertThat(expected.status()).as(expected.out() + expected.err()).isZero();
        assertThat(server.task(own).at("/script/requirements/pip"))
                .isEqualTo(server.task(reference).at("/script/requirements/pip"));
        return Stream.of(own, reference)
                .map(task -> server.console(task).stream()
                        .filter(line -> line.startsWith("with "))
                        .findFirst()
                        .orElse(""))
                .toList();
    }

    private static Path environmentOf(Path python) {
        return python.resolve("../..").normalize();
    }

    /** The interpreter of a virtual environment that a user has made. */
    private static Path ownEnvironment(String name) throws IOException {
        Path environment = folder.toRealPath().resolve(name);
        Shell.Finished made = Shell.in(folder).run("python3", "-m", "venv", environment.toString());
        assertThat(made.status()).as(made.out() + made.err()).isZero();
        return environment.resolve("bin/python");
    }

    private static String create(String name, Map<String, ?> script) {
        Map<String, Object> whole = new HashMap<>(Map.of("entry_point", "task.py", "working_dir", "."));
        whole.putAll(script);
        return server.call("tasks.create", Map.of("name", name, "type", "testing", "script", whole))
                .get("id")
                .asString();
    }
}
