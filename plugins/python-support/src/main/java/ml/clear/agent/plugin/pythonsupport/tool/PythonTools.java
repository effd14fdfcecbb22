// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ToolStore;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/**
 * Programs written in Python, or distributed as wheels, that the agent installs from the package index for its own use, each in
 * an environment of its own in the agent's store of tools; never into the environment of a task or of the user. Safe for
 * several threads.
 */
public final class PythonTools {

    /** A newest version is looked for after this time; a pinned one never. */
    private static final Duration NEWEST = Duration.ofDays(7);

    private static final Duration PINNED = Duration.ofDays(36_500);

    /** A pip that interpreters bring along is good enough. */
    private static final VersionSpecifiers PIP = VersionSpecifiers.of(">=20.3").orElseThrow();

    private static final String[] INDEXES = {
        "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE", "PIP_CONSTRAINT"
    };

    private final PluginContext context;
    private final PipCommands commands;
    private final PipSeeds seeds;

    /** Tools in the store of a plugin's context. */
    public PythonTools(PluginContext context) {
        this.context = context;
        this.commands = PipCommands.of(context);
        this.seeds = new PipSeeds(context, commands);
    }

    /**
     * An installed tool.
     *
     * @param environment the environment that holds it, without other packages than its own
     * @param version its version
     */
    public record PythonTool(VirtualEnvironment environment, Version version) {

        /** One of its programs. */
        public Path program(String name) {
            return environment.commands().resolve(name);
        }
    }

    /**
     * A tool, installed if it is absent.
     *
     * @param name the name of its package
     * @param versions a condition on its version such as {@code >=1.8,<2} or {@code 1.8.3}; empty for the newest
     * @param interpreter what runs it
     * @throws AgentException {@code REQUIREMENTS_UNSATISFIABLE} or {@code SERVER_UNAVAILABLE} with pip's reason
     */
    public PythonTool provide(String name, String versions, Interpreter interpreter, Console console)
            throws InterruptedException {
        String wanted = name + specification(versions);
        SortedMap<String, String> identity = new TreeMap<>(interpreter.identity());
        identity.put("package", wanted);
        for (String index : INDEXES) {
            String value = context.environment().get(index);
            if (value != null) {
                identity.put(index, Requirement.withoutCredentials(value));
            }
        }
        ToolStore.Tool tool =
                new ToolStore.Tool(Requirement.normalName(name), identity, wanted.contains("==") ? PINNED : NEWEST);
        Path folder = context.tools().provide(tool, new Installation(wanted, interpreter, console), console);
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        return new PythonTool(
                environment,
                InstalledPackages.in(environment.packages()).version(name).orElseThrow());
    }

    private static String specification(String versions) {
        String condition = versions.strip();
        return Version.of(condition).isPresent() ? "==" + condition : condition;
    }

    /**
     * A program on {@code PATH}.
     *
     * @param environment the variables of the agent
     */
    public static Optional<Path> installed(String name, Map<String, String> environment) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path program = folder.isEmpty() ? Path.of("") : Path.of(folder).resolve(name);
            if (!folder.isEmpty() && Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    private final class Installation implements ToolStore.Maker {

        private final String wanted;
        private final Interpreter interpreter;
        private final Console console;

        Installation(String wanted, Interpreter interpreter, Console console) {
            this.wanted = wanted;
            this.interpreter = interpreter;
            this.console = console;
        }

        @Override
        public void make(Path folder) throws IOException, InterruptedException {
            console.line("Installing " + wanted + " for the agent");
            VirtualEnvironment environment = new VirtualEnvironment(folder);
            try (TemporaryFolder temporary = TemporaryFolder.in(folder)) {
                Optional<Command> byInterpreter =
                        commands.upgradeBy(interpreter, environment.python(), wanted, folder, temporary);
                if (byInterpreter.isPresent()) {
                    VirtualEnvironment.create(interpreter, folder, false);
                } else {
                    seeds.plant(interpreter, PIP, false, folder, console);
                }
                Command install = byInterpreter.orElseGet(
                        () -> commands.upgrade(environment.python(), wanted, folder, temporary));
                CommandResult result = new InstallerRunner(context.commands()).runQuietly("pip", install, console);
                if (!result.succeeded()) {
                    throw PipFailure.of(result, "'" + wanted + "', which the agent needs");
                }
            }
        }

        @Override
        public boolean usable(Path folder) {
            return Files.isExecutable(new VirtualEnvironment(folder).python());
        }
    }
}
