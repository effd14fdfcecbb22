// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.JobWiring;
import ml.clear.agent.runtime.boot.ServerInUse;
import ml.clear.agent.runtime.job.JobSettings;
import ml.clear.agent.runtime.job.TaskRunner;
import ml.clear.agent.runtime.process.RotatingLog;
import ml.clear.agent.runtime.server.ClearmlServer;

/** {@code execute}: prepares, runs and supervises one task in this process. */
final class ExecuteCommand {

    private static final Option ID = Option.required("--id", "task", "the id of the task, or its whole name");
    private static final Option REQUIRE_QUEUE = Option.flag("--require-queue", "fail unless the task waits in a queue");

    private static final Option RESUME = Option.flag(
            "--resume", "go on with a task whose execute process on this machine has died, from where it is");

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final String EXECUTE_LOG = "execute.log";
    private static final int KEPT_LOGS = 2;

    private ExecuteCommand() {}

    static Subcommand of(Supplier<Agent> agent) {
        return Subcommand.of(
                "execute",
                "Build the environment of one task, run it and report it; the exit code is the task's",
                List.of(ID, REQUIRE_QUEUE, RESUME),
                invocation -> run(agent.get(), invocation));
    }

    private static int run(Agent agent, Invocation invocation) throws InterruptedException {
        ServerInUse inUse = agent.locateServer();
        ClearmlServer server = agent.connect(inUse);
        TaskId task = resolve(server, invocation.value(ID.name()).orElseThrow());
        TaskRunner runner = new JobWiring(agent, inUse, server).taskRunner(echo(agent, task, invocation));
        return invocation.has(RESUME.name())
                ? runner.resume(task)
                : runner.run(task, invocation.has(REQUIRE_QUEUE.name()));
    }

    /** Under a daemon the output is a file, which the console of a task could make as large as the disk. */
    private static Console echo(Agent agent, TaskId task, Invocation invocation) {
        Path log = agent.executions().resolve(task.value()).resolve(EXECUTE_LOG);
        return isOutput(log)
                ? new RotatingLog(log, agent.configuration().get(JobSettings.LOG_LIMIT), KEPT_LOGS)
                : new TerminalConsole(invocation.out());
    }

    private static boolean isOutput(Path file) {
        try {
            return Files.isSameFile(STANDARD_OUTPUT, file);
        } catch (IOException e) {
            return false; // there is no such file
        }
    }

    private static TaskId resolve(ClearmlServer server, String idOrName) {
        if (TaskId.matches(idOrName)) {
            return new TaskId(idOrName);
        }
        List<TaskId> found = server.tasks().findByName(idOrName);
        if (found.size() != 1) {
            throw new AgentException(
                    ErrorCode.NOT_FOUND,
                    found.isEmpty()
                            ? "no task has the name '" + idOrName + "'; give its id, or the whole name"
                            : found.size() + " tasks have the name '" + idOrName + "'; give the id of one of them");
        }
        return found.getFirst();
    }
}
