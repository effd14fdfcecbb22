// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.Launchers;
import ml.clear.agent.runtime.boot.ServerInUse;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.launch.ScriptRequest;
import ml.clear.agent.runtime.launch.ScriptSource;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.NewTask;

/**
 * {@code run}: makes a task of a script and executes it here, the way a daemon would. The task's console comes from the execute
 * process, which has our own streams.
 */
final class RunCommand {

    private static final Option SCRIPT = Option.argument("script", "the script to run");
    private static final Option ARGUMENTS =
            Option.arguments("arguments", "what the script is started with; put them behind --");
    private static final Option NAME =
            Option.value("--name", "text", "the name of the task; the script's name unless given");
    private static final Option PROJECT =
            Option.value("--project", "name", "the project of the task; 'runs' unless given");
    private static final Option QUEUE = Option.value(
            "--queue", "name", "the queue that the task waits in until it starts here; 'local runs' unless given");
    private static final Option REQUIREMENTS = Option.value(
            "--requirements", "file", "the packages to install; requirements.txt beside the script unless given");
    private static final Option PYTHON =
            Option.value("--python", "version", "the version of Python to use, such as 3.11");
    private static final Option SCRIPT_ONLY =
            Option.flag("--script-only", "send the text of the script alone, even when it lies in a repository");

    private final Agent agent;
    private final List<String> globalOptions;
    private final Invocation invocation;

    private RunCommand(Agent agent, List<String> globalOptions, Invocation invocation) {
        this.agent = agent;
        this.globalOptions = globalOptions;
        this.invocation = invocation;
    }

    /**
     * The command.
     *
     * @param globalOptions the options with which an execute process reads the same configuration
     */
    static Subcommand of(Supplier<Agent> agent, Supplier<List<String>> globalOptions) {
        return Subcommand.of(
                "run",
                "Create a task from a script and run it here; with no server configured, on the embedded server",
                List.of(SCRIPT, ARGUMENTS, NAME, PROJECT, QUEUE, REQUIREMENTS, PYTHON, SCRIPT_ONLY),
                invocation -> new RunCommand(agent.get(), globalOptions.get(), invocation).run());
    }

    private int run() throws InterruptedException {
        agent.configuration();
        Warnings.print(agent.configurationCheck().result().warnings(), invocation.err());
        agent.requireSelected();
        ScriptSource.Described described =
                new ScriptSource(agent.checkouts(), agent.codeStore(), this::say).describe(request());
        ServerInUse inUse = agent.locateServer();
        if (!inUse.notice().isEmpty()) {
            say(inUse.notice());
        }
        ClearmlServer server = agent.connect(inUse);
        warnAboutOtherMachines(described);
        TaskId task = create(server, described.script());
        String results = server.resultsPage(server.tasks().get(task));
        say("task " + task + ": " + results);
        int exitCode = execute(server, inUse, task);
        say((exitCode == 0 ? "done" : "ended with exit code " + exitCode) + "; results: " + results);
        return exitCode;
    }

    private void warnAboutOtherMachines(ScriptSource.Described described) {
        if (described.onlyHere() && invocation.has(QUEUE.name())) {
            say("warning: the code is kept on this machine alone; where another machine takes the task from queue '"
                    + queue() + "', it fails without its code: push it to a repository first");
        }
    }

    private String queue() {
        return invocation.value(QUEUE.name()).orElse("local runs");
    }

    private String project() {
        return invocation.value(PROJECT.name()).orElse("runs");
    }

    private ScriptRequest request() {
        return new ScriptRequest(
                Path.of(invocation.value(SCRIPT.name()).orElseThrow()),
                invocation.values(ARGUMENTS.name()),
                invocation.value(REQUIREMENTS.name()).map(Path::of).orElse(null),
                invocation
                        .value(PYTHON.name())
                        .map(version -> "python" + version)
                        .orElse("python3"),
                invocation.has(SCRIPT_ONLY.name()));
    }

    private TaskId create(ClearmlServer server, Script script) {
        Path file = Path.of(invocation.value(SCRIPT.name()).orElseThrow()).getFileName();
        String queue = queue();
        String project = server.projects().findOrCreate(project());
        TaskId task = server.tasks()
                .create(new NewTask(
                        invocation.value(NAME.name()).orElse(file.toString()),
                        project,
                        script,
                        Container.NONE,
                        Map.of()));
        server.tasks()
                .enqueue(
                        task,
                        server.queues()
                                .find(queue)
                                .orElseGet(() -> server.queues().create(queue)));
        return task;
    }

    private int execute(ClearmlServer server, ServerInUse inUse, TaskId task) throws InterruptedException {
        Launchers launchers = new Launchers(agent, globalOptions, List.of(), inUse);
        return new ForegroundExecution(launchers.selected(), this::say)
                .run(
                        ForegroundRequest.of(server, task, launchers.resources(""), Launcher.Variables.NONE),
                        List.of("--require-queue"));
    }

    private void say(String words) {
        TerminalStyle style = TerminalStyle.of(agent.process().environment(), TerminalStyle.ERR);
        invocation.err().println(style.message(words));
        invocation.err().flush();
    }
}
