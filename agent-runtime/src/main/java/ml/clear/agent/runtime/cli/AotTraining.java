// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.boot.AgentOptions;
import ml.clear.agent.runtime.boot.AgentProcess;
import ml.clear.agent.runtime.redact.Redactor;
import ml.clear.agent.runtime.server.ClearmlServer;
import ml.clear.agent.runtime.server.NewTask;

/**
 * What the start-up (AOT) caches are recorded from. A cache is of one kind of process, and holds what that kind needs:
 * so the recorded process does what its kind does, and everything that it talks to is a separate process.
 *
 * <p>All files are in a folder that the caller makes and removes; no file of the user is read, and no network is used
 * except a loopback port of this process. A step that fails, on a machine without Python say, only leaves its classes
 * out of the cache.
 */
final class AotTraining {

    /** The name by which the launcher calls it; not a command for users, so no help shows it. */
    static final String NAME = "aot-training";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration TASK_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;
    private static final Set<TaskStatus> ENDED =
            Set.of(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.STOPPED, TaskStatus.CLOSED);

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

    private static final String HELLO = "print('hello')\n";
    private static final String QUEUE = "local runs";

    /** A pip that comes with Python will do, so none is fetched. */
    private static final String CONFIGURATION = """
            agent.package_manager.pip_version: [">=9"]
            """;

    private final Path folder;
    private final PrintWriter log;
    private final AgentProcess agentProcess;

    private AotTraining(Path folder, PrintWriter log) {
        this.folder = folder;
        this.log = log;
        AgentProcess real = AgentProcess.ofThisProcess();
        Map<String, String> environment = new HashMap<>(Map.of("HOME", folder.toString(), "PIP_NO_INDEX", "1"));
        environment.put("PATH", real.environment().getOrDefault("PATH", "/usr/bin:/bin"));
        agentProcess = new AgentProcess(environment, folder, real.installation(), real.version());
    }

    /**
     * Do everything once, at most for some minutes.
     *
     * @param kind {@code commands} for the short commands, {@code tasks} for {@code run} and {@code execute}, {@code
     *     daemon}, {@code server}
     * @param folder an empty folder that serves as the user's home
     * @param log where the failures of steps are logged
     */
    static void run(String kind, Path folder, PrintWriter log) throws InterruptedException {
        System.setProperty("user.home", folder.toString());
        AotTraining training = new AotTraining(folder, log);
        Thread steps = Thread.ofPlatform().daemon().name("training").start(() -> training.train(kind));
        if (!steps.join(LIMIT)) {
            log.println("the training takes too long and is ended");
        }
    }

    private void train(String kind) {
        try {
            Files.writeString(folder.resolve("clearml.conf"), CONFIGURATION);
            switch (kind) {
                case "commands" -> COMMANDS.forEach(this::command);
                case "tasks" -> tasks();
                case "daemon" -> daemon();
                case "server" -> server();
                default -> log.println("there is no cache of kind '" + kind + "'");
            }
        } catch (Exception e) { // after any failure, the steps so far are worth a cache
            log.println("the training ended early: " + e);
        }
    }

    private void tasks() throws IOException, InterruptedException {
        command(List.of("run", script().toString()));
        try (Agent agent = agent()) {
            command(List.of("execute", "--id", enqueued(agent).value()));
        } finally {
            process("server", "stop");
        }
    }

    private void daemon() throws IOException, InterruptedException {
        process("server", "start", "--detach", "--port", "0");
        Thread daemon = Thread.ofPlatform()
                .daemon()
                .name("training daemon")
                .start(() -> command(List.of("daemon", "--queue", QUEUE, "--create-queue", "--foreground")));
        try (Agent agent = agent()) {
            awaitEnd(agent, enqueued(agent));
        } finally {
            daemon.interrupt();
            process("server", "stop");
        }
    }

    private void server() throws IOException, InterruptedException {
        Thread server = Thread.ofPlatform()
                .daemon()
                .name("training server")
                .start(() -> command(List.of("server", "start", "--port", "0")));
        try {
            long start = System.nanoTime();
            while (process("server", "status") != ExitCode.OK && System.nanoTime() - start < TASK_LIMIT.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            process("run", script().toString());
        } finally {
            server.interrupt();
        }
    }

    /** A command in this process, which is recorded. */
    private int command(List<String> arguments) {
        StringWriter err = new StringWriter();
        int status = new AgentCli(
                        agentProcess,
                        new Redactor(),
                        new PrintWriter(PrintWriter.nullWriter()),
                        new PrintWriter(err, true))
                .run(arguments);
        if (!err.toString().isEmpty()) {
            log.println(arguments + ": " + err);
        }
        return status;
    }

    /** A command in a separate process, which is not recorded. */
    private int process(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(agentProcess.agentCommand());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(agentProcess.environment());
        Process process = builder.start();
        if (!process.waitFor(TASK_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            log.println(command + " takes too long");
            process.destroy();
        }
        return process.waitFor();
    }

    private Agent agent() {
        return new Agent(agentProcess, AgentOptions.NONE, new Redactor());
    }

    private Path script() throws IOException {
        return Files.writeString(folder.resolve("hello.py"), HELLO);
    }

    private static TaskId enqueued(Agent agent) throws InterruptedException {
        Script script = new Script("python3", "", "", "", "", ".", "hello.py", HELLO, Requirements.NONE);
        ClearmlServer server = agent.connect(agent.locateServer());
        TaskId task = server.tasks()
                .create(new NewTask(
                        "hello.py", server.projects().findOrCreate("runs"), script, Container.NONE, Map.of()));
        server.tasks().enqueue(task, server.queues().create(QUEUE));
        return task;
    }

    private static void awaitEnd(Agent agent, TaskId task) throws InterruptedException {
        ClearmlServer server = agent.connect(agent.locateServer());
        long start = System.nanoTime();
        while (server.tasks()
                        .state(task)
                        .filter(state -> !ENDED.contains(state.status()))
                        .isPresent()
                && System.nanoTime() - start < TASK_LIMIT.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
