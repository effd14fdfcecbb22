// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.job.JobSettings;
import ml.clear.agent.runtime.process.RotatingLog;

/**
 * Where an execute process shows the console of its task.
 *
 * @param out its standard output
 */
record ExecuteEcho(Agent agent, PrintWriter out) {

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final String EXECUTE_LOG = "execute.log";
    private static final int KEPT_LOGS = 2;

    /** The terminal; under a daemon a file, which the console of a task could otherwise make as large as the disk. */
    Console of(TaskId task) {
        Path log = agent.folders().executions().resolve(task.value()).resolve(EXECUTE_LOG);
        return isOutput(log)
                ? new StatesAsLines(
                        new RotatingLog(log, agent.configuration().get(JobSettings.LOG_LIMIT), KEPT_LOGS),
                        System::nanoTime)
                : new TerminalConsole(out, TerminalStyle.of(agent.process().environment(), TerminalStyle.OUT));
    }

    private static boolean isOutput(Path file) {
        try {
            return Files.isSameFile(STANDARD_OUTPUT, file);
        } catch (IOException e) {
            return false; // there is no such file
        }
    }
}
