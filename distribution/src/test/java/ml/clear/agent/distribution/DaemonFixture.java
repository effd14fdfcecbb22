// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An embedded server, daemons of one machine before it, and shell tasks for them. Ends what it started. */
final class DaemonFixture implements AutoCloseable {

    private final AgentHome home;
    private final ServerClient server;
    private final List<Shell.Started> daemons = new CopyOnWriteArrayList<>();
    private final List<ServerGate> gates = new CopyOnWriteArrayList<>();

    private DaemonFixture(AgentHome home, ServerClient server) {
        this.home = home;
        this.server = server;
    }

    /** With a server that runs; daemons poll five times a second. */
    static DaemonFixture in(Path folder) {
        return in(folder, Installation.shared(), UnaryOperator.identity());
    }

    /** The same with an installation of one's own, and a server that is started differently. */
    static DaemonFixture in(Path folder, Installation installation, UnaryOperator<AgentHome> forServer) {
        AgentHome home = AgentHome.emptyIn(folder, installation)
                .with("CLEARML_WORKER_NAME", "box")
                .with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "0.2");
        Shell.Finished started = forServer.apply(home).run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        return new DaemonFixture(home, home.server());
    }

    AgentHome home() {
        return home;
    }

    ServerClient server() {
        return server;
    }

    /** A gate before the server, closed with this. */
    ServerGate gate() {
        ServerGate gate = new ServerGate(server.api());
        gates.add(gate);
        return gate;
    }

    /** The same home for commands that reach the server through a gate. */
    AgentHome through(ServerGate gate) {
        JsonNode pair = credentials();
        return home.with("CLEARML_API_HOST", gate.address().toString())
                .with("CLEARML_API_ACCESS_KEY", pair.get("access_key").asString())
                .with("CLEARML_API_SECRET_KEY", pair.get("secret_key").asString());
    }

    /** The key pair of the server. */
    JsonNode credentials() {
        try {
            return new JsonMapper()
                    .readTree(Files.readAllBytes(home.serverData().resolve("credentials.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A daemon in the foreground. */
    Shell.Started daemon(AgentHome from, String queue, String... more) {
        return started(from.shell(), daemonCommand(from, queue, more));
    }

    List<String> daemonCommand(AgentHome from, String queue, String... more) {
        return Stream.concat(
                        from.command("daemon", "--foreground", "--create-queue", "--queue", queue).stream(),
                        Stream.of(more))
                .toList();
    }

    /** A daemon by any command. */
    Shell.Started started(Shell shell, List<String> command) {
        Shell.Started daemon = shell.start(command);
        daemons.add(daemon);
        return daemon;
    }

    /** A shell task. */
    String create(String name, String script) {
        return BashTask.create(server, name, script);
    }

    /** A shell task that waits in a queue, which is made where it is missing. */
    String enqueue(String queue, String name, String script) {
        return BashTask.enqueue(server, queue, name, script);
    }

    String status(String task) {
        return server.task(task).get("status").asString();
    }

    /** The tasks that wait in a queue, in order. */
    List<String> waiting(String queue) {
        List<String> tasks = new ArrayList<>();
        for (JsonNode found :
                server.call("queues.get_all", Map.of("name", "^" + queue + "$")).get("queues")) {
            server.call("queues.get_by_id", Map.of("queue", found.get("id").asString()))
                    .get("queue")
                    .get("entries")
                    .forEach(entry -> tasks.add(entry.get("task").asString()));
        }
        return tasks;
    }

    void awaitLine(String task, String line) throws Exception {
        eventually(() -> server.console(task).contains(line));
    }

    /** The task's document once it has ended. */
    JsonNode awaitEnd(String task) throws Exception {
        return BashTask.awaitEnd(server, task);
    }

    static void eventually(Callable<Boolean> condition) throws Exception {
        Eventually.holds("what is waited for", condition);
    }

    /** End all daemons; their tasks go on. */
    void stopDaemons() throws InterruptedException {
        for (Shell.Started daemon : daemons) {
            daemon.process().destroy();
        }
        for (Shell.Started daemon : daemons) {
            if (!daemon.process().waitFor(60, TimeUnit.SECONDS)) {
                daemon.process().destroyForcibly();
                throw new AssertionError(daemon.command() + " does not end:\n" + daemon.outSoFar());
            }
        }
        daemons.clear();
    }

    /** An execute process whose task has just ended may still clear up. */
    private List<String> leftRunning() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<String> left = home.processes();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(20_000_000);
            left = home.processes();
        }
        return left;
    }

    @Override
    public void close() {
        try {
            stopDaemons();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<String> left = leftRunning();
        gates.forEach(ServerGate::close);
        left.forEach(process -> ProcessHandle.of(Long.parseLong(process.substring(0, process.indexOf(':'))))
                .ifPresent(ProcessHandle::destroyForcibly));
        home.close();
        assertThat(left).as("left running").isEmpty();
    }
}
