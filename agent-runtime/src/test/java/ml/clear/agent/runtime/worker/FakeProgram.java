// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;

/**
 * A program that is not run: it prints one answer to all arguments.
 *
 * @param answer what it prints; {@code missing} for a program that is not installed
 * @param asked gets each command, with its arguments
 */
record FakeProgram(String answer, List<String> asked) implements CommandRunner {

    @Override
    public CommandResult run(Command command) {
        asked.add(String.join(" ", command.arguments()));
        if (answer.equals("missing")) {
            throw new AgentException(ErrorCode.PROGRAM_MISSING, "no such program");
        }
        return new CommandResult(0, answer, "");
    }

    @Override
    public CommandResult run(Command command, Console console) {
        return run(command);
    }
}
