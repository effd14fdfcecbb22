// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.pythonsupport.Interpreters.Preference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpretersTest {

    private static final Preference NONE = new Preference("", "", false);

    private final List<String> lines = new ArrayList<>();

    @TempDir
    Path bin;

    private final Map<String, String> versions = new HashMap<>();

    private void install(String name, String version) throws Exception {
        install(bin.resolve(name), version);
    }

    private void install(Path file, String version) throws Exception {
        Files.writeString(file, "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        versions.put(file.toString(), version);
    }

    private Interpreter find(Preference preference, String asked) throws InterruptedException {
        return new Interpreters(new Answers(versions), preference, Map.of("PATH", bin.toString(), "HOME", "/nowhere"))
                .find(asked, lines::add);
    }

    @Test
    void theVersionThatTheTaskAsksForIsFound() throws Exception {
        install("python3", "3.12.1");
        install("python3.9", "3.9.18");

        assertThat(find(NONE, "/opt/env/bin/python3.9").version()).hasToString("3.9.18");
        assertThat(lines).isEmpty();
    }

    @Test
    void aShorterNameServesWhenItsVersionFits() throws Exception {
        install("python3", "3.6.5");

        assertThat(find(NONE, "python3.6").version()).hasToString("3.6.5");
    }

    @Test
    void versionsAreComparedByNumberNotByText() throws Exception {
        install("python3", "3.11.2");

        assertThatThrownBy(() -> find(NONE, "python3.1"))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERPRETER_MISSING))
                .hasMessageContaining("Python 3.1 is not installed")
                .hasMessageContaining("'" + bin.resolve("python3") + "' (3.11.2)")
                .hasMessageContaining("agent.ignore_requested_python_version");
    }

    @Test
    void theConfigurationDecidesWhenTheTaskDoesNot() throws Exception {
        install("python3", "3.12.1");
        install("mypython", "3.10.0");

        assertThat(find(new Preference("mypython", "", false), "python").version())
                .hasToString("3.10.0");
    }

    @Test
    void theTaskMayBeIgnored() throws Exception {
        install("python3.9", "3.9.1");
        install("python3.10", "3.10.1");

        assertThat(find(new Preference("", "3.10", true), "python3.9").version())
                .hasToString("3.10.1");
    }

    @Test
    void aPathIsTakenAsItIs() throws Exception {
        install("special", "3.8.0");

        assertThat(find(new Preference(bin.resolve("special").toString(), "", false), "")
                        .version())
                .hasToString("3.8.0");
    }

    @Test
    void aPathThatIsNoInterpreterIsRefusedWithTheKey() {
        assertThatThrownBy(() -> find(new Preference("/nowhere/python", "", false), ""))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERPRETER_MISSING))
                .hasMessageContainingAll("/nowhere/python", "agent.python_binary");
    }

    @Test
    void theMessageSaysWhatWasTriedAndWhatToInstall() throws Exception {
        install("python3", "broken");

        assertThatThrownBy(() -> find(NONE, "python3.9"))
                .isInstanceOf(AgentException.class)
                .hasMessageContainingAll(bin.resolve("python3").toString(), "3.9", "no answer", "install it");
    }

    @Test
    void versionsOfPyenvAreOrderedByNumber() throws Exception {
        for (String version : List.of("3.10.9", "3.10.13", "3.10.2")) {
            install(
                    Files.createDirectories(bin.resolve("pyenv/versions/" + version + "/bin"))
                            .resolve("python"),
                    version);
        }

        Interpreter found = new Interpreters(
                        new Answers(versions),
                        NONE,
                        Map.of(
                                "PATH",
                                "/nowhere",
                                "PYENV_ROOT",
                                bin.resolve("pyenv").toString()))
                .find("python3.10", lines::add);

        assertThat(found.executable()).isEqualTo(bin.resolve("pyenv/versions/3.10.13/bin/python"));
    }

    @Test
    void anInterpreterWhosePackagesAreUsedIsTakenByPathOrNameAndAMissingOneIsReplacedWithAWarning() throws Exception {
        install("python3", "3.12.1");
        install("special", "3.8.0");

        assertThat(existing(bin.resolve("special").toString()).version()).hasToString("3.8.0");
        assertThat(existing("special").version()).hasToString("3.8.0");
        assertThat(existing("").version()).hasToString("3.12.1");
        assertThat(lines).isEmpty();
        assertThat(existing("/nowhere/python").version()).hasToString("3.12.1");
        assertThat(lines).singleElement().asString().contains("/nowhere/python");
    }

    private Interpreter existing(String program) throws InterruptedException {
        return new Interpreters(new Answers(versions), NONE, Map.of("PATH", bin.toString(), "HOME", "/nowhere"))
                .existing(program, "", lines::add);
    }

    /** Answers as interpreters do; programs that it does not know do not answer. */
    private record Answers(Map<String, String> versions) implements CommandRunner {

        @Override
        public CommandResult run(Command command) {
            String version = versions.getOrDefault(command.program(), "broken");
            return version.equals("broken")
                    ? new CommandResult(1, "", "no")
                    : new CommandResult(
                            0, "executable=" + command.program() + "\npython_full_version=" + version + "\n", "");
        }

        @Override
        public CommandResult run(Command command, Console console) {
            return run(command);
        }
    }
}
