// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.config.SdkSettings;
import ml.clear.agent.runtime.config.TaskSettings;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.report.ConsoleForm;
import ml.clear.agent.runtime.report.LogDestination;
import ml.clear.agent.runtime.report.LogShipper;
import ml.clear.agent.runtime.report.ShippingPace;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.TaskService;

/**
 * What running tasks needs.
 *
 * @param server the server
 * @param settings the configuration
 * @param preparation makes tasks ready
 * @param monitor reports the state of tasks and of their machine to the server
 * @param worker who runs them
 * @param rank which of several processes that run a task together this is; the first one, 0, reports for all
 * @param executions the folder of all executions
 * @param workspaces the folder of all workspaces, absolute
 * @param redactor masks secrets in every line
 * @param echo where lines are shown besides the server
 * @param commands runs external programs
 * @param clock the time
 */
public record JobContext(
        ClearmlServer server,
        Settings settings,
        Preparation preparation,
        TaskMonitor monitor,
        Worker worker,
        int rank,
        Path executions,
        Path workspaces,
        Redactor redactor,
        Console echo,
        CommandRunner commands,
        InstantSource clock) {

    /** Checks for absence. */
    public JobContext {
        Objects.requireNonNull(server);
        Objects.requireNonNull(settings);
        Objects.requireNonNull(preparation);
        Objects.requireNonNull(monitor);
        Objects.requireNonNull(worker);
        Objects.requireNonNull(executions);
        Objects.requireNonNull(workspaces);
        Objects.requireNonNull(redactor);
        Objects.requireNonNull(echo);
        Objects.requireNonNull(commands);
        Objects.requireNonNull(clock);
    }

    TaskService tasks() {
        return server.tasks();
    }

    /** Where this process prepares and runs a task. */
    Path workspaceFolder(TaskId task) {
        return workspaces.resolve(ExecutionFolder.name(task, rank));
    }

    Duration abortPoll() {
        return settings.get(JobSettings.ABORT_POLL);
    }

    Duration abortGrace() {
        return settings.get(JobSettings.ABORT_GRACE);
    }

    /** What an aborted task gets before its stop signal: the time that it has announced, and the operator's command. */
    BeforeStop beforeStop(TaskId task, Workspace workspace, Console console) {
        BeforeStop callback =
                new AbortCallback(tasks(), task, settings.get(TaskSettings.ABORT_CALLBACK_MAX_TIMEOUT), console);
        List<String> command = settings.get(TaskSettings.ABORT_CALLBACK_COMMAND);
        return command.isEmpty()
                ? callback
                : callback.then(new AbortCommand(
                        command,
                        settings.get(TaskSettings.ABORT_CALLBACK_TIMEOUT),
                        workspace.startFolder(),
                        Map.of(
                                "CLEARML_TASK_ID", task.value(),
                                "CLEARML_CONFIG_FILE", workspace.configuration().toString()),
                        commands,
                        console));
    }

    Duration pingPeriod() {
        return settings.get(TaskSettings.PING_INTERVAL);
    }

    /** The coloured line of the Python agent before each report of a process that is not the first of its task. */
    private String rankHeading() {
        return rank > 0 && settings.get(TaskSettings.MULTI_NODE_SINGLE_TASK) > 0
                ? "\u001b[38;5;" + (20 + rank % 210) + "mRANK " + rank + ":\u001b[0m\n"
                : "";
    }

    /** Ships the console of a task from where the last one stopped; started. */
    LogShipper shipper(ExecutionFolder folder, ReportGate gate) {
        LogShipper shipper = new LogShipper(
                new LogDestination(gate, folder.task(), worker.id(), rankHeading()),
                folder,
                ConsoleForm.of(settings.get(TaskSettings.SUPPRESS_CARRIAGE_RETURN), redactor),
                ShippingPace.of(settings.get(SdkSettings.REPORT_PERIOD)),
                clock);
        return shipper.echoTo(echo).start();
    }
}
