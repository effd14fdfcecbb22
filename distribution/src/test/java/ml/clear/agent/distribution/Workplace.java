// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A home with its server, a gateway in front of that, and the daemons that a test starts, which see the server through the
 * gateway and give up soon what they repeat.
 */
final class Workplace implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final Path folder;
    private final Home home;
    private final Home worker;
    private final ServerClient server;
    private final FaultyGateway gateway;
    private final List<Shell.Started> daemons = new ArrayList<>();
    private int folders;

    private Workplace(Path folder, Home home, Home worker, ServerClient server, FaultyGateway gateway) {
        this.folder = folder;
        this.home = home;
        this.worker = worker;
        this.server = server;
        this.gateway = gateway;
    }

    static Workplace in(Path folder) {
        Home home = Home.emptyIn(folder, Installation.shared())
                .with("CLEARML_WORKER_NAME", "box")
                .with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "0.2");
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        ServerClient server = home.server();
        FaultyGateway gateway = new FaultyGateway(server.api());
        JsonNode keys = keys(home.serverData().resolve("credentials.json"));
        Home worker = home.with("CLEARML_API_HOST", gateway.address().toString())
                .with("CLEARML_API_ACCESS_KEY", keys.get("access_key").asString())
                .with("CLEARML_API_SECRET_KEY", keys.get("secret_key").asString())
                .with("CLEARML_AGENT__API__HTTP__RETRIES__TOTAL", "1")
                .with("CLEARML_AGENT__API__HTTP__RETRIES__BACKOFF_FACTOR", "0.1")
                .with("CLEARML_AGENT__API__HTTP__RETRIES__BACKOFF_MAX", "0.2");
        return new Workplace(folder, home, worker, server, gateway);
    }

    private static JsonNode keys(Path file) {
        try {
            return new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError("the server keeps no credentials in " + file, e);
        }
    }

    ServerClient server() {
        return server;
    }

    FaultyGateway gateway() {
        return gateway;
    }

    /** The home as daemons see it. */
    Home worker() {
        return worker;
    }

    /** An empty folder for one test. */
    Path newFolder() throws IOException {
        return Files.createDirectory(folder.resolve("folder-" + ++folders));
    }

    /** A task that counts until it is told to end. */
    CountingTask countingTask(String queue) throws IOException {
        return CountingTask.enqueue(server, queue, newFolder());
    }

    Shell.Started daemon(String... queues) {
        return daemon(worker, queues);
    }

    Shell.Started daemon(Home as, String... queues) {
        List<String> arguments = new ArrayList<>(List.of("daemon", "--foreground", "--create-queue", "--queue"));
        arguments.addAll(List.of(queues));
        return started(as.start(arguments.toArray(String[]::new)));
    }

    /** A daemon that is ended with this. */
    Shell.Started started(Shell.Started daemon) {
        daemons.add(daemon);
        return daemon;
    }

    Path executions() {
        return home.clearml().resolve("agent/executions");
    }

    Path execution(String task) {
        return executions().resolve(task);
    }

    /** The execute process of a task, once it lives. */
    ProcessHandle executeOf(String task) throws Exception {
        return living(task, "launched.properties", "handle");
    }

    /** The keeper of a task, once it lives. */
    ProcessHandle keeperOf(String task) throws Exception {
        return living(task, "keeper.properties", "pid");
    }

    private ProcessHandle living(String task, String file, String key) throws Exception {
        List<ProcessHandle> found = new ArrayList<>();
        Eventually.holds(file + " of " + task + " names one that lives", () -> {
            fact(execution(task).resolve(file), key)
                    .map(value -> value.contains(":") ? value.split(":", -1)[1] : value)
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                    .filter(ProcessHandle::isAlive)
                    .ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private static Optional<String> fact(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1))
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not there yet, or no more
        }
    }

    /** Whether a process runs; one that has ended and was not collected by its parent does not. */
    static boolean lives(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }

    /** The most memory that a process has had resident, in MiB; empty when it has ended. */
    static OptionalLong peakOf(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /** Kill a process, and wait until it is gone. */
    static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
    }

    /** End the daemons of a test; what they say then is of no interest. */
    void stopDaemons() throws Exception {
        gateway.mend();
        for (Shell.Started daemon : daemons) {
            daemon.process().destroy();
            assertThat(daemon.process().waitFor(DRAIN.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> Arrays.asList(daemon.command()) + " has ended: " + daemon.outSoFar())
                    .isTrue();
        }
        daemons.clear();
    }

    @Override
    public void close() {
        gateway.close();
        home.close();
    }
}
