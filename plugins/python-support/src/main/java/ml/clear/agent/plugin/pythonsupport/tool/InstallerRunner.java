// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;

/**
 * Runs installers: shows what they do, and repeats a run that a fault of the network ended. Safe for several threads.
 *
 * @param commands runs the programs
 * @param retry how often it repeats a run
 */
public record InstallerRunner(CommandRunner commands, NetworkRetry retry) {

    /** A runner with the usual repetitions. */
    public InstallerRunner(CommandRunner commands) {
        this(commands, NetworkRetry.usual());
    }

    /**
     * Run an installer.
     *
     * @param name its name, for messages
     * @throws ml.clear.agent.api.error.AgentException {@code TIMED_OUT} when one run takes longer than the command allows
     */
    public CommandResult run(String name, Command command, Console console) throws InterruptedException {
        return run(name, command, console, true);
    }

    /** The same without the installer's own lines. */
    public CommandResult runQuietly(String name, Command command, Console console) throws InterruptedException {
        return run(name, command, console, false);
    }

    private CommandResult run(String name, Command command, Console console, boolean lines)
            throws InterruptedException {
        try (InstallProgress progress = InstallProgress.on(console, lines)) {
            return retry.run(name, () -> commands.run(command, progress), console);
        }
    }
}
