// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.poetry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools.PythonTool;

/**
 * A poetry that runs.
 *
 * @param path where it lies
 * @param version its version
 */
record PoetryProgram(Path path, Version version) {

    private static final Pattern VERSION = Pattern.compile("(?s).*Poetry \\(?version ([0-9][^\\s)]*)\\)?.*");

    /** The poetry of an interpreter need not support the interpreter of the task; it installs into its environment all the same. */
    private static final Version FIRST_PYTHON = Version.of("3.9").orElseThrow();

    /** Finds poetry: one on {@code PATH} of a fitting version, else one that the agent installs. */
    static final class Search {

        private final PluginContext context;
        private final PoetrySettings settings;
        private final VersionSpecifiers wanted;
        private final PythonTools tools;
        private final Interpreters interpreters;

        Search(PluginContext context, PoetrySettings settings, Interpreters interpreters) {
            this.context = context;
            this.settings = settings;
            this.interpreters = interpreters;
            // older ones look for Python in their own way and miss the versions of pyenv
            this.wanted = VersionSpecifiers.of(settings.version().isEmpty() ? ">=1.2" : settings.version())
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.CONFIGURATION_INVALID,
                            PoetrySettings.VERSION.key() + " is '" + settings.version()
                                    + "'; expected a version such as '1.8.5' or a condition such as '>=2,<3'"));
            this.tools = new PythonTools(context);
        }

        /**
         * Find it.
         *
         * @param interpreter the interpreter of the task
         */
        PoetryProgram find(Interpreter interpreter, Console console) throws InterruptedException {
            Optional<Path> installed = PythonTools.installed("poetry", context.environment());
            Optional<PoetryProgram> onPath = installed.isEmpty() ? Optional.empty() : ask(installed.get());
            if (onPath.isPresent()) {
                if (wanted.contains(onPath.get().version())) {
                    return onPath.get();
                }
                console.line("poetry " + onPath.get().version() + " at '" + installed.get() + "' is not used, since '"
                        + wanted + "' is wanted");
            }
            Interpreter runner =
                    interpreter.version().compareTo(FIRST_PYTHON) >= 0 ? interpreter : interpreters.find("", console);
            PythonTool tool = tools.provide("poetry", settings.version(), runner, console);
            return new PoetryProgram(tool.program("poetry"), tool.version());
        }

        private Optional<PoetryProgram> ask(Path program) throws InterruptedException {
            try {
                CommandResult answer = context.commands()
                        .run(Command.of(program.toString(), "--version", "--no-ansi")
                                .timeout(Duration.ofSeconds(60))
                                .build());
                Matcher version = VERSION.matcher(answer.output());
                return answer.succeeded() && version.matches()
                        ? Version.of(version.group(1)).map(known -> new PoetryProgram(program, known))
                        : Optional.empty();
            } catch (AgentException e) {
                return Optional.empty();
            }
        }
    }
}
