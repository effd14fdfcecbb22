// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.conda.CommandLineClient.Form;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;

/** Finds the client that is installed on this machine. */
final class InstalledClients {

    private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)+");
    private static final Version OLDEST = Version.of("4.3.30").orElseThrow();
    private static final Version FIRST_OWN_MAMBA = Version.of("2.0").orElseThrow();

    private final PluginContext context;
    private final Map<String, String> variables;

    InstalledClients(PluginContext context, Map<String, String> variables) {
        this.context = context;
        this.variables = Map.copyOf(variables);
    }

    /** conda before mamba before micromamba, each on {@code PATH} before the one that its variable names. */
    Optional<CondaClient> find(Console console) throws InterruptedException {
        for (Path program : programs()) {
            Optional<CondaClient> client = client(program, console);
            if (client.isPresent()) {
                return client;
            }
        }
        return Optional.empty();
    }

    private Set<Path> programs() {
        Set<Path> programs = new LinkedHashSet<>();
        onPath("conda").ifPresent(programs::add);
        named("CONDA_EXE").ifPresent(programs::add);
        onPath("mamba").ifPresent(programs::add);
        named("MAMBA_EXE").ifPresent(programs::add);
        onPath("micromamba").ifPresent(programs::add);
        return programs;
    }

    private Optional<Path> onPath(String name) {
        return PythonTools.installed(name, context.environment());
    }

    private Optional<Path> named(String variable) {
        return Optional.ofNullable(context.environment().get(variable))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .filter(Files::isExecutable);
    }

    private Optional<CondaClient> client(Path program, Console console) throws InterruptedException {
        Optional<Version> version = version(program);
        String name = program.getFileName().toString();
        if (version.isEmpty()) {
            console.line("'" + program + "' does not answer --version and is not used");
            return Optional.empty();
        }
        if (name.startsWith("conda") && version.get().compareTo(OLDEST) < 0) {
            console.line("'" + program + "' is conda " + version.get() + " and is not used; it must be " + OLDEST
                    + " or newer");
            return Optional.empty();
        }
        boolean own = name.startsWith("micromamba")
                || (name.startsWith("mamba") && version.get().compareTo(FIRST_OWN_MAMBA) >= 0);
        return Optional.of(new CommandLineClient(
                context, program, own ? Form.MAMBA : Form.CONDA, version.get().text(), variables));
    }

    private Optional<Version> version(Path program) throws InterruptedException {
        try {
            CommandResult result = context.commands()
                    .run(Command.of(List.of(program.toString(), "--version"))
                            .environment(variables)
                            .timeout(Duration.ofMinutes(1))
                            .build());
            Matcher version = VERSION.matcher(result.output() + result.errors());
            return result.succeeded() && version.find() ? Version.of(version.group()) : Optional.empty();
        } catch (AgentException e) {
            return Optional.empty(); // a program that cannot be started is no client
        }
    }
}
