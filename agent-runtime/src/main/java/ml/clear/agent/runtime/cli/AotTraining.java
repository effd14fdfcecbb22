// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.AgentOptions;
import ml.clear.agent.runtime.boot.Surroundings;
import ml.clear.agent.runtime.config.SelectionSettings;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.launch.ScriptRequest;
import ml.clear.agent.runtime.launch.ScriptSource;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.NewTask;

/**
 * What the start-up (AOT) caches are recorded from: the usual commands, one after the other in one process, and for the
 * larger cache a task that is made, launched and executed on a server of its own.
 *
 * <p>All files are in a folder that the caller makes and removes; nothing of the user's is read, and nothing is asked of the
 * network but a loopback port of our own. A step that fails, on a machine without Python say, only leaves its classes out
 * of the cache.
 */
final class AotTraining {

    /** How the launcher asks for it; not a command for people, so no help shows it. */
    static final String NAME = "aot-training";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SERVER_START = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;

    private static final List<List<String>> COMMANDS = List.of(
            List.of("--help"),
            List.of("config"),
            List.of("config", "show", "--origin"),
            List.of("config", "validate"),
            List.of("config", "explain", "agent.package_manager"),
            List.of("plugins", "list"),
            List.of("run", "--help"),
            List.of("execute", "--help"),
            List.of("server", "--help"));

    /** A pip that comes with Python will do, so none is fetched. */
    private static final String CONFIGURATION = """
            agent.package_manager.pip_version: [">=9"]
            """;

    private final Path folder;
    private final PrintWriter log;
    private final Surroundings surroundings;

    private AotTraining(Path folder, PrintWriter log) {
        this.folder = folder;
        this.log = log;
        Surroundings real = Surroundings.ofThisProcess();
        Map<String, String> environment = new HashMap<>(Map.of("HOME", folder.toString(), "PIP_NO_INDEX", "1"));
        environment.put("PATH", real.environment().getOrDefault("PATH", "/usr/bin:/bin"));
        surroundings = new Surroundings(environment, folder, real.installation(), real.version());
    }

    /**
     * Do everything once, at most for some minutes.
     *
     * @param kind {@code tasks}, or {@code commands} for the short commands alone
     * @param folder an empty folder that serves as the user's home
     * @param log where the failures of steps are told
     */
    static void run(String kind, Path folder, PrintWriter log) throws InterruptedException {
        System.setProperty("user.home", folder.toString());
        AotTraining training = new AotTraining(folder, log);
        Thread steps = Thread.ofPlatform()
                .daemon()
                .name("training")
                .start(kind.equals("tasks") ? training::tasks : training::commands);
        if (!steps.join(LIMIT)) {
            log.println("the training takes too long and is ended");
        }
    }

    private void commands() {
        COMMANDS.forEach(this::command);
    }

    private void tasks() {
        commands();
        try {
            Files.writeString(folder.resolve("clearml.conf"), CONFIGURATION);
        } catch (IOException e) {
            log.println("no configuration: " + e);
        }
        Thread server = Thread.ofPlatform()
                .daemon()
                .name("training server")
                .start(() -> command(List.of("server", "start", "--port", "0")));
        try {
            task();
        } catch (Exception e) { // whatever it is, the rest is worth a cache
            log.println("the task ended early: " + e);
        } finally {
            server.interrupt();
        }
    }

    private int command(List<String> arguments) {
        StringWriter err = new StringWriter();
        int status = new AgentCli(surroundings, new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(err, true))
                .run(arguments);
        if (!err.toString().isEmpty()) {
            log.println(arguments + ": " + err);
        }
        return status;
    }

    private void task() throws IOException, InterruptedException {
        awaitServer();
        try (Agent agent = new Agent(surroundings, AgentOptions.NONE)) {
            TaskId task = makeTask(agent);
            String executor = agent.configuration().get(SelectionSettings.EXECUTOR);
            new Launcher(agent.registry().executor(executor), agent.executions(), List.of("true"))
                    .start(task, Container.NONE, Output.INHERIT)
                    .await(SERVER_START);
            command(List.of("execute", "--id", task.value()));
        }
    }

    private void awaitServer() throws InterruptedException {
        long start = System.nanoTime();
        while (command(List.of("server", "status")) != ExitCode.OK
                && System.nanoTime() - start < SERVER_START.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private TaskId makeTask(Agent agent) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("hello.py"), "print('hello')\n");
        Script script = new ScriptSource(agent.checkouts(), log::println)
                .describe(new ScriptRequest(file, List.of(), null, "python3", false));
        ClearmlServer server = agent.connect(agent.locateServer());
        TaskId task = server.tasks()
                .create(new NewTask(
                        "hello.py", server.projects().findOrCreate("runs"), script, Container.NONE, Map.of()));
        server.tasks().enqueue(task, server.queues().create("local runs"));
        return task;
    }
}
