// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

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
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools.PythonTool;

/**
 * A uv that runs.
 *
 * @param path where it lies
 * @param version its version
 */
record UvProgram(Path path, Version version) {

    private static final Pattern VERSION = Pattern.compile("uv (\\S+).*", Pattern.DOTALL);

    /** Finds uv: the configured program, one on {@code PATH} of a fitting version, else one that the agent installs. */
    static final class Search {

        private final PluginContext context;
        private final UvSettings settings;
        private final VersionSpecifiers wanted;
        private final PythonTools tools;

        Search(PluginContext context, UvSettings settings) {
            this.context = context;
            this.settings = settings;
            this.wanted = VersionSpecifiers.of(settings.version())
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.CONFIGURATION_INVALID,
                            UvSettings.VERSION.key() + " is '" + settings.version()
                                    + "'; expected a version such as '0.9.5' or a condition such as '>=0.9,<0.10'"));
            this.tools = new PythonTools(context);
        }

        /**
         * Find it.
         *
         * @param interpreter what installs it if absent
         */
        UvProgram find(Interpreter interpreter, Console console) throws InterruptedException {
            if (!settings.program().isEmpty()) {
                Path program = Path.of(settings.program()).toAbsolutePath();
                return ask(program)
                        .orElseThrow(() -> new AgentException(
                                ErrorCode.PROGRAM_MISSING,
                                "'" + program + "' is no uv that runs; correct CLEARML_BOOTSTRAP_UV_EXEC or "
                                        + UvSettings.PROGRAM.key()));
            }
            Optional<Path> installed = PythonTools.installed("uv", context.environment());
            Optional<UvProgram> onPath = installed.isEmpty() ? Optional.empty() : ask(installed.get());
            if (onPath.isPresent() && wanted.contains(onPath.get().version())) {
                return onPath.get();
            }
            PythonTool tool = tools.provide("uv", settings.version(), interpreter, console);
            return new UvProgram(tool.program("uv"), tool.version());
        }

        private Optional<UvProgram> ask(Path program) throws InterruptedException {
            try {
                CommandResult answer = context.commands()
                        .run(Command.of(program.toString(), "--version")
                                .timeout(Duration.ofSeconds(30))
                                .build());
                Matcher version = VERSION.matcher(answer.output().strip());
                return answer.succeeded() && version.matches()
                        ? Version.of(version.group(1)).map(known -> new UvProgram(program, known))
                        : Optional.empty();
            } catch (AgentException e) {
                return Optional.empty();
            }
        }
    }
}
