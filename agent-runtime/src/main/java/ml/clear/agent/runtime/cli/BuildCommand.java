// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.JobWiring;
import ml.clear.agent.runtime.boot.Launchers;
import ml.clear.agent.runtime.boot.ServerInUse;
import ml.clear.agent.runtime.cli.ImageBuild.EntryPoint;
import ml.clear.agent.runtime.environment.EnvironmentSettings;
import ml.clear.agent.runtime.job.BuiltTask;
import ml.clear.agent.runtime.server.ClearmlServer;

/**
 * {@code build}: makes the environment of one task, with its code, and keeps it as a folder or an image; the task is neither run nor
 * changed.
 */
final class BuildCommand {

    private static final Option TARGET = Option.value(
            "--target",
            "place",
            "the folder to build in, which must be empty, one in agent.venvs_dir unless given; in containers the name of the"
                    + " image, task_id_TASK unless given");
    private static final Option PYTHON = Option.value(
            "--python-version",
            "version",
            "the version of Python, such as 3.11; the one that the task asks for unless given");
    private static final Option ENTRY_POINT = Option.value(
            "--entry-point",
            "what",
            "what containers of the image run: reuse_task, the task, or clone_task, a copy of it; nothing unless given");
    private static final Option GLOBALLY =
            Option.flag("--install-globally", "install into the interpreter itself, not into an environment");
    private static final Option FORCE_DOCKER =
            Option.flag("--force-docker", "ignore the container that the task asks for");

    private final Agent agent;
    private final Supplier<List<String>> globalOptions;
    private final Invocation invocation;
    private final TaskFlags flags;

    private BuildCommand(Agent agent, Supplier<List<String>> globalOptions, Invocation invocation, TaskFlags flags) {
        this.agent = agent;
        this.globalOptions = globalOptions;
        this.invocation = invocation;
        this.flags = flags;
    }

    /**
     * The command.
     *
     * @param globalOptions the options with which another process reads the same configuration
     */
    static Subcommand of(AgentSource agents, Supplier<List<String>> globalOptions) {
        return Subcommand.of(
                "build",
                "Build the environment of one task, with its code, and keep it as a folder or an image",
                Stream.concat(TaskFlags.ALL.stream(), Stream.of(TARGET, PYTHON, ENTRY_POINT, GLOBALLY, FORCE_DOCKER))
                        .toList(),
                invocation -> {
                    TaskFlags flags = new TaskFlags(invocation);
                    return new BuildCommand(
                                    agents.with(configuration(invocation, flags)), globalOptions, invocation, flags)
                            .run();
                });
    }

    private static Map<String, String> configuration(Invocation invocation, TaskFlags flags) {
        Map<String, String> variables = new HashMap<>(flags.configuration());
        if (invocation.has(GLOBALLY.name())) {
            variables.put("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", "true");
        }
        return variables;
    }

    private int run() throws InterruptedException {
        if (agent.sources().executorIsAskedFor()) {
            return buildImage();
        }
        for (Option option : List.of(ENTRY_POINT, FORCE_DOCKER)) {
            if (invocation.has(option.name())) {
                throw new AgentException(
                        ErrorCode.COMMAND_LINE_INVALID,
                        option.name() + " is for images; give --docker to build one, or leave it out");
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

    private int buildImage() throws InterruptedException {
        EntryPoint entryPoint =
                invocation.value(ENTRY_POINT.name()).map(EntryPoint::named).orElse(EntryPoint.NONE);
        ServerInUse inUse = agent.locateServer();
        ClearmlServer server = agent.connect(inUse);
        TaskId task = flags.task(server);
        TaskFacts facts = server.tasks().facts(task);
        Launchers launchers = new Launchers(agent, globalOptions.get(), List.of(), inUse);
        List<String> command = new ArrayList<>(agent.process().agentCommand());
        command.addAll(globalOptions.get());
        String name = invocation.value(TARGET.name()).orElse("task_id_" + task);
        ImageBuild build = new ImageBuild(
                launchers.selected(),
                ImageBuild.request(
                        invocation.has(FORCE_DOCKER.name()) ? facts.inContainer(Container.NONE) : facts,
                        launchers.resources(flags.gpus().orElse("")),
                        configuration(invocation, flags)),
                command,
                agent.process().installation().toString());
        int exitCode = build.run(name, options(), invocation.has(GLOBALLY.name()), entryPoint);
        if (exitCode == ExitCode.OK) {
            invocation.out().println("image: " + name);
        }
        return exitCode;
    }

    /** What the build in the container is given besides the task and its target. */
    private List<String> options() {
        List<String> options = new ArrayList<>();
        invocation.value(PYTHON.name()).ifPresent(version -> options.addAll(List.of(PYTHON.name(), version)));
        if (invocation.has(GLOBALLY.name())) {
            options.add(GLOBALLY.name());
        }
        return options;
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
