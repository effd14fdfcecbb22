// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.Problem;
import ml.clear.agent.runtime.environment.EnvironmentSettings;

/**
 * Checks what a configuration names, beyond its text: that folders can be written, that the interpreter runs, and that
 * the server answers and accepts the credentials. Changes nothing. Used by one thread.
 */
public final class SetupCheck {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String DEFAULT_PYTHON = "python3";

    private final Agent agent;
    private final Configuration configuration;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * A check.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when the text of the configuration has errors
     */
    public SetupCheck(Agent agent) {
        this.agent = agent;
        this.configuration = agent.configuration();
    }

    /** Do it; may wait for the server. */
    public List<Problem> run() throws InterruptedException {
        writable(FolderSettings.STATE, configuration.get(FolderSettings.STATE));
        writable(EnvironmentSettings.FOLDER, configuration.get(EnvironmentSettings.FOLDER));
        String python = configuration.get(PythonSettings.PYTHON_BINARY);
        runs(PythonSettings.PYTHON_BINARY, python.isBlank() ? DEFAULT_PYTHON : python);
        server();
        return List.copyOf(problems);
    }

    private void writable(Setting<?> setting, Path folder) {
        Path known = folder.toAbsolutePath();
        while (!Files.exists(known) && known.getParent() != null) {
            known = known.getParent();
        }
        if (!Files.isDirectory(known) || !Files.isWritable(known)) {
            problem(
                    setting,
                    "'" + folder + "' cannot be written, since '" + known + "' "
                            + (Files.isDirectory(known) ? "may not be written" : "is no folder"));
        }
    }

    private void runs(Setting<?> setting, String program) throws InterruptedException {
        try {
            CommandResult result = agent.commands()
                    .run(Command.of(program, "--version").timeout(LIMIT).build());
            if (!result.succeeded()) {
                problem(setting, "'" + program + " --version' ends with exit code " + result.exitCode());
            }
        } catch (AgentException e) {
            problem(setting, String.valueOf(e.getMessage()));
        }
    }

    private void server() throws InterruptedException {
        try {
            Optional<ServerInUse> server =
                    new ServerLocator(configuration, agent.process().environment()).configured();
            if (server.isPresent()) {
                agent.logInOnce(server.get());
            }
        } catch (AgentException e) {
            problem(ApiSettings.API_SERVER, String.valueOf(e.getMessage()));
        }
    }

    private void problem(Setting<?> setting, String text) {
        problems.add(new Problem(
                Problem.Severity.ERROR,
                Problem.Kind.VALUE,
                configuration.origin(setting),
                setting.key(),
                setting.key() + ": " + text));
    }
}
