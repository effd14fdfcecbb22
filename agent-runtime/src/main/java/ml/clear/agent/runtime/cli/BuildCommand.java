// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.JobWiring;
import ml.clear.agent.runtime.boot.ServerInUse;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.job.BuiltTask;
import ml.clear.agent.runtime.server.ClearmlServer;

/** {@code build}: makes the environment of one task, with its code, and keeps it; the task is neither run nor changed. */
final class BuildCommand {

    private static final Option TARGET = Option.value(
            "--target", "folder", "the folder to build in, which must be empty; one in agent.venvs_dir unless given");
    private static final Option PYTHON = Option.value(
            "--python-version",
            "version",
            "the version of Python, such as 3.11; the one that the task asks for unless given");
    private static final Option DOCKER =
            Option.values("--docker", "image", "build an image: images are not built here");
    private static final Option ENTRY_POINT = Option.value(
            "--entry-point", "what", "what an image starts, reuse_task or clone_task: images are not built here");
    private static final Option GLOBALLY =
            Option.flag("--install-globally", "install into the interpreter of an image: images are not built here");
    private static final Option FORCE_DOCKER =
            Option.flag("--force-docker", "ignore the container of the task: images are not built here");

    private final Agent agent;
    private final Invocation invocation;
    private final TaskFlags flags;

    private BuildCommand(Agent agent, Invocation invocation, TaskFlags flags) {
        this.agent = agent;
        this.invocation = invocation;
        this.flags = flags;
    }

    static Subcommand of(AgentSource agents) {
        return Subcommand.of(
                "build",
                "Build the environment of one task, with its code, and keep it",
                Stream.concat(
                                TaskFlags.ALL.stream(),
                                Stream.of(TARGET, PYTHON, DOCKER, ENTRY_POINT, GLOBALLY, FORCE_DOCKER))
                        .toList(),
                invocation -> {
                    TaskFlags flags = new TaskFlags(invocation);
                    return new BuildCommand(agents.with(flags.configuration()), invocation, flags).run();
                });
    }

    private int run() throws InterruptedException {
        for (Option option : List.of(DOCKER, ENTRY_POINT, GLOBALLY, FORCE_DOCKER)) {
            if (invocation.has(option.name())) {
                throw new AgentException(
                        ErrorCode.COMMAND_LINE_INVALID,
                        option.name()
                                + " is for images, which this agent does not build; leave it out to build a virtual"
                                + " environment");
            }
        }
        ServerInUse inUse = agent.locateServer();
        ClearmlServer server = agent.connect(inUse);
        Task task = server.tasks().get(flags.task(server));
        BuiltTask built = new JobWiring(agent, inUse, server)
                .taskBuild()
                .build(
                        asked(task),
                        target(task.id()),
                        new TerminalConsole(
                                invocation.out(),
                                TerminalStyle.of(agent.process().environment(), TerminalStyle.OUT)));
        summarise(built);
        return ExitCode.OK;
    }

    private Path target(TaskId task) {
        return invocation
                .value(TARGET.name())
                .map(Path::of)
                .orElseGet(() ->
                        agent.configuration().get(EnvironmentSettings.FOLDER).resolve("build-" + task))
                .toAbsolutePath()
                .normalize();
    }

    /** The task with the version of Python that the command line names. */
    private Task asked(Task task) {
        Script script = task.script();
        String binary = invocation
                .value(PYTHON.name())
                .map(version -> version.startsWith("python") ? version : "python" + version)
                .orElse(script.binary());
        return new Task(
                task.id(),
                task.name(),
                task.projectId(),
                task.status(),
                task.statusMessage(),
                new Script(
                        binary,
                        script.repository(),
                        script.branch(),
                        script.tag(),
                        script.commit(),
                        script.workingDirectory(),
                        script.entryPoint(),
                        script.diff(),
                        script.requirements()),
                task.container(),
                task.hyperParameters(),
                task.runtime());
    }

    private void summarise(BuiltTask built) {
        PrintWriter out = invocation.out();
        out.println("environment: " + built.environment().folder());
        out.println("interpreter: " + built.environment().interpreter());
        out.println("code: " + built.folder() + (built.commit().isEmpty() ? "" : " at " + built.commit()));
        out.println("packages: " + built.environment().frozen().size());
        built.environment().frozen().pip().forEach(line -> out.println("    " + line));
        built.environment().frozen().conda().forEach(line -> out.println("    " + line));
    }
}
