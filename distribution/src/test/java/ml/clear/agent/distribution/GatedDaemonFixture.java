// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A home of daemons whose server is behind a gate that fails on request; their retries are short. Ends what
 * it started.
 */
final class GatedDaemonFixture implements AutoCloseable {

    private final Path folder;
    private final DaemonFixture fixture;
    private final ServerGate gate;
    private final TaskPlace place;
    private final AgentHome worker;
    private int folders;

    /** With tasks in a place; the caller closes the fixture. */
    GatedDaemonFixture(Path folder, DaemonFixture fixture, TaskPlace place) {
        this.folder = folder;
        this.fixture = fixture;
        this.place = place;
        this.gate = fixture.gate();
        this.worker = place.using(fixture.through(gate))
                .with("CLEARML_AGENT__API__HTTP__RETRIES__TOTAL", "1")
                .with("CLEARML_AGENT__API__HTTP__RETRIES__BACKOFF_FACTOR", "0.1")
                .with("CLEARML_AGENT__API__HTTP__RETRIES__BACKOFF_MAX", "0.2");
    }

    /** With tasks on this machine. */
    static GatedDaemonFixture in(Path folder) {
        return new GatedDaemonFixture(folder, DaemonFixture.in(folder), TaskPlace.THIS_MACHINE);
    }

    ServerClient server() {
        return fixture.server();
    }

    ServerGate gate() {
        return gate;
    }

    /** The home as daemons see it. */
    AgentHome worker() {
        return worker;
    }

    /** An empty folder for one test. */
    Path newFolder() throws IOException {
        return Files.createDirectory(folder.resolve("folder-" + ++folders));
    }

    /** A task that counts until its end file exists. */
    CountingTask countingTask(String queue) throws IOException {
        return CountingTask.enqueue(server(), queue, newFolder());
    }

    Shell.Started daemon(String... queues) {
        return daemon(worker, queues);
    }

    Shell.Started daemon(AgentHome as, String... queues) {
        List<String> arguments = new ArrayList<>(List.of("daemon", "--foreground", "--create-queue", "--queue"));
        arguments.addAll(List.of(queues));
        return fixture.started(as.shell(), as.command(arguments.toArray(String[]::new)));
    }

    /** A daemon by any command, which is ended with this. */
    Shell.Started started(List<String> command) {
        return fixture.started(worker.shell(), command);
    }

    Path executions() {
        return worker.clearml().resolve("agent/executions");
    }

    Path execution(String task) {
        return executions().resolve(task);
    }

    /** The execute process of a task, once it lives. */
    ProcessHandle executeOf(String task) throws Exception {
        return living(task, "launched.properties", "handle");
    }

    /** A process of a task by its number there. */
    ProcessHandle process(String task, long pid) {
        return place.process(task, pid).orElseThrow();
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
                    .flatMap(pid -> place.process(task, Long.parseLong(pid)))
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
    void stopDaemons() throws InterruptedException {
        gate.mend();
        fixture.stopDaemons();
    }

    @Override
    public void close() {
        fixture.close();
    }
}
