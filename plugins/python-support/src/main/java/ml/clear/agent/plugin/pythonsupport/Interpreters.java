// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.spi.PluginContext;

/** Finds the interpreter that a task or the configuration asks for. Safe for several threads. */
public final class Interpreters {

    private static final Pattern ASKED = Pattern.compile("(?:.*/)?(?:python)?(\\d+(?:\\.\\d+)*)");

    private final InterpreterProbe probe;
    private final Preference preference;
    private final Map<String, String> environment;

    /**
     * The configuration of interpreters.
     *
     * @param binary {@code agent.python_binary}: a name or path to use when a task does not ask for a version, empty
     *     for none
     * @param fallback {@code agent.default_python}: the version after that, empty for none
     * @param ignoreTask {@code agent.ignore_requested_python_version}: whether tasks have no say
     */
    public record Preference(String binary, String fallback, boolean ignoreTask) {

        /** Read it. */
        public static Preference of(Settings settings) {
            return new Preference(
                    settings.get(PythonSettings.PYTHON_BINARY),
                    settings.get(PythonSettings.DEFAULT_PYTHON),
                    settings.get(PythonSettings.IGNORE_REQUESTED_PYTHON));
        }
    }

    /**
     * Made once for a configuration.
     *
     * @param environment the variables of the agent; {@code PATH} and {@code PYENV_ROOT} say where to look
     */
    public Interpreters(CommandRunner commands, Preference preference, Map<String, String> environment) {
        this.probe = new InterpreterProbe(commands);
        this.preference = preference;
        this.environment = Map.copyOf(environment);
    }

    /** Those of a plugin's surroundings and settings. */
    public static Interpreters of(PluginContext context) {
        return new Interpreters(context.commands(), Preference.of(context.settings()), context.environment());
    }

    /**
     * Find an interpreter: the version that the task asks for, else the configured program, else the configured version,
     * else any Python 3. A wish that no interpreter fulfils is an error; another interpreter never takes its place.
     *
     * @param asked what the task says, such as {@code 3.11}, {@code python3.11} or {@code /usr/bin/python3}; only a version
     *     at its end counts
     * @throws AgentException {@code INTERPRETER_MISSING}, saying what was looked for and where, and what to install
     */
    public Interpreter find(String asked, Console console) throws InterruptedException {
        String wanted = wanted(asked);
        if (wanted.contains(File.separator)) {
            return exact(wanted);
        }
        Optional<Version> version = version(wanted);
        List<String> tried = new ArrayList<>();
        for (Path program : programs(wanted, version)) {
            Optional<Interpreter> answer = probe.ask(program);
            if (answer.isPresent() && fits(answer.get(), version)) {
                return answer.get();
            }
            tried.add("'" + program + "' ("
                    + answer.map(one -> one.version().text()).orElse("no answer") + ")");
        }
        throw missing(wanted, version, tried);
    }

    /**
     * The interpreter into whose own environment packages go.
     *
     * @param program a path or a name on {@code PATH}; empty for the one that {@link #find} finds. When it is no interpreter
     *     that runs, the console says so and {@link #find} decides
     */
    public Interpreter existing(String program, String asked, Console console) throws InterruptedException {
        if (program.isEmpty()) {
            return find(asked, console);
        }
        for (Path candidate : named(program)) {
            Optional<Interpreter> answer = probe.ask(candidate);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        console.line("'" + program + "' is no Python interpreter that runs; looking for another one");
        return find(asked, console);
    }

    private List<Path> named(String program) {
        return program.contains(File.separator)
                ? List.of(Path.of(program).toAbsolutePath())
                : folders().stream()
                        .map(folder -> folder.resolve(program))
                        .filter(Files::isExecutable)
                        .toList();
    }

    private String wanted(String asked) {
        Optional<Version> requested = preference.ignoreTask() ? Optional.empty() : version(asked);
        if (requested.isPresent()) {
            return requested.get().text();
        }
        return preference.binary().isBlank()
                ? preference.fallback().strip()
                : preference.binary().strip();
    }

    /** The version at the end of a name such as {@code python3.11}; empty when there is none. */
    static Optional<Version> version(String asked) {
        Matcher form = ASKED.matcher(asked.strip());
        return form.matches() ? Version.of(form.group(1)) : Optional.empty();
    }

    private static boolean fits(Interpreter interpreter, Optional<Version> version) {
        return interpreter.version().release().getFirst() >= 3
                && version.map(wanted -> interpreter.version().startsWith(wanted))
                        .orElse(true);
    }

    private Interpreter exact(String path) throws InterruptedException {
        Path program = Path.of(path).toAbsolutePath();
        return probe.ask(program)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.INTERPRETER_MISSING,
                        "'" + program + "' is no Python interpreter that runs; correct agent.python_binary"));
    }

    private AgentException missing(String wanted, Optional<Version> version, List<String> tried) {
        String found = tried.isEmpty() ? "none is there" : "found " + String.join(", ", tried);
        String wish = version.isPresent() ? "Python " + wanted : wanted.isEmpty() ? "Python 3" : "'" + wanted + "'";
        String advice = version.isPresent()
                ? "install it, or set agent.ignore_requested_python_version to run tasks with agent.python_binary"
                : "install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it in agent.python_binary";
        return new AgentException(
                ErrorCode.INTERPRETER_MISSING,
                wish + " is not installed: looked for " + String.join(", ", names(wanted, version))
                        + " on PATH and for versions in '" + pyenvVersions() + "', " + found + "; " + advice);
    }

    /** The programs to ask, in order, each once. */
    private Set<Path> programs(String wanted, Optional<Version> version) {
        Set<Path> programs = new LinkedHashSet<>();
        List<Path> folders = folders();
        for (String name : names(wanted, version)) {
            for (Path folder : folders) {
                Path program = folder.resolve(name);
                if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                    programs.add(program);
                }
            }
        }
        version.ifPresent(asked -> programs.addAll(pyenv(asked)));
        return programs;
    }

    private static Set<String> names(String wanted, Optional<Version> version) {
        Set<String> names = new LinkedHashSet<>();
        if (version.isPresent()) {
            for (int parts = version.get().release().size(); parts > 1; parts--) {
                names.add("python" + version.get().prefix(parts));
            }
        } else if (!wanted.isEmpty()) {
            names.add(wanted);
        }
        names.add("python3");
        names.add("python");
        return names;
    }

    private List<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        String path = environment.getOrDefault("PATH", "") + File.pathSeparator + "/usr/local/bin" + File.pathSeparator
                + "/usr/bin";
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && entry.indexOf('\0') < 0) {
                folders.add(Path.of(entry).toAbsolutePath());
            }
        }
        return List.copyOf(folders);
    }

    /** Versions that pyenv holds: its own commands offer only those that are switched on. */
    private List<Path> pyenv(Version wanted) {
        Path versions = pyenvVersions();
        if (!Files.isDirectory(versions)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(versions)) {
            return entries.filter(
                            entry -> Version.of(entry.getFileName().toString()).isPresent())
                    .filter(entry -> versionOf(entry).startsWith(wanted))
                    .sorted(Comparator.comparing(Interpreters::versionOf).reversed())
                    .map(entry -> entry.resolve("bin/python"))
                    .filter(Files::isExecutable)
                    .toList();
        } catch (IOException e) {
            return List.of(); // a folder that cannot be listed has no interpreters
        }
    }

    private Path pyenvVersions() {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(environment.getOrDefault("PYENV_ROOT", home + "/.pyenv")).resolve("versions");
    }

    private static Version versionOf(Path folder) {
        return Version.of(folder.getFileName().toString()).orElseThrow();
    }
}
