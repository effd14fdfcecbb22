// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.config.TaskSettings;

/**
 * Runs {@code agent.abort_callback_command} in the folder of the script when a task is aborted on the server, while the task's
 * process still runs. A command that fails or takes too long is reported, and the abort goes on.
 *
 * @param words the command and its arguments
 * @param timeout the time that it may take
 * @param folder where it runs
 * @param variables what it gets besides the agent's own variables
 */
record AbortCommand(
        List<String> words,
        Duration timeout,
        Path folder,
        Map<String, String> variables,
        CommandRunner commands,
        Console console)
        implements BeforeStop {

    private static final String KEY = TaskSettings.ABORT_CALLBACK_COMMAND.key();

    @Override
    public void await(AbortReason reason, Ends process) throws InterruptedException {
        if (!reason.isOfTheServer() || process.within(Duration.ZERO)) {
            return;
        }
        console.line("running '" + words.getFirst() + "' of " + KEY + " for at most " + timeout.toSeconds() + " s");
        try {
            CommandResult result = commands.run(
                    Command.of(words)
                            .directory(folder)
                            .environment(variables)
                            .timeout(timeout)
                            .build(),
                    console);
            if (!result.succeeded()) {
                console.line("'" + words.getFirst() + "' of " + KEY + " failed with exit code " + result.exitCode());
            }
        } catch (AgentException e) {
            console.line(KEY + " failed: " + e.getMessage());
        }
    }
}
