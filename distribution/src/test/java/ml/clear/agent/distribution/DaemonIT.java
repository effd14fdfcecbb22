// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The daemon of the archive with the embedded server: nothing that happens to our processes disturbs a task. */
@Timeout(300)
class DaemonIT {

    private static final int LINES = 60;

    /** Prints its lines over six seconds. */
    private static final String COUNTS = """
            for i in $(seq 1 60); do echo "line $i"; sleep 0.1; done
            exit 3
            """;

    private static final String QUICK = "echo done\n";
    private static final String GONE = "queue 'renewed' does not exist any more";

    @TempDir
    private static Path folder;

    private static DaemonHouse house;
    private static Home home;
    private static ServerClient server;

    @BeforeAll
    static void open() {
        house = DaemonHouse.in(folder);
        home = house.home();
        server = house.server();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @AfterEach
    void stopDaemons() throws InterruptedException {
        house.stopDaemons();
    }

    @Test
    void queuedTasksRunInOrderUnderARegisteredWorker() throws Exception {
        List<String> tasks = List.of(
                enqueue("less important", "second", COUNTS),
                enqueue("urgent", "first", COUNTS),
                enqueue("urgent", "next", QUICK));
        daemon("urgent", "less important");

        awaitLine(tasks.get(1), 3);
        DaemonHouse.eventually(() -> {
            Shell.Finished list = home.run("list");
            return list.out().contains("id: box:0") && list.out().contains(tasks.get(1));
        });
        for (String task : tasks) {
            awaitEnd(task);
        }

        assertThat(started(tasks.get(1))).isLessThan(started(tasks.get(2)));
        assertThat(started(tasks.get(2))).isLessThan(started(tasks.get(0)));
        assertThat(server.task(tasks.get(2)).get("status").asString()).isEqualTo("completed");
        assertThat(server.task(tasks.get(2)).get("last_worker").asString()).isEqualTo("box:0");
        assertCounted(tasks.get(0));
    }

    @Test
    void aSignalDrainsAndUnregistersAndTheNextDaemonTakesTheTaskUp() throws Exception {
        Shell.Started first = daemon("drained");
        String task = enqueue("drained", "goes on", COUNTS);
        awaitLine(task, 3);
        String waiting = enqueue("drained", "waits", QUICK);

        first.process().destroy();
        Shell.Finished ended = first.finish();

        assertThat(ended.status()).isEqualTo(143);
        assertThat(ended.out()).contains("task '" + task + "' keeps running");
        assertThat(home.run("list").out()).isEqualTo("workers: []\n");
        assertThat(server.task(waiting).get("status").asString()).isEqualTo("queued");
        daemon("drained");
        awaitEnd(waiting);
        assertCounted(task);
    }

    @Test
    void aDaemonIsShownAndStoppedThoughItsExecutorIsNotInstalledAnyMore() throws Exception {
        Shell.Started daemon = daemon("without executor");
        daemon.await(out -> out.contains("takes tasks from these queues"));
        Home changed = home.with("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "no-such-executor");

        Shell.Finished shown = changed.run("daemon", "--status");
        Shell.Finished stopped = changed.run("daemon", "--stop");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("box:0");
        assertThat(stopped.status()).as(stopped.out() + stopped.err()).isZero();
        assertThat(daemon.finish().status()).isEqualTo(143);
    }

    @Test
    void theDeathOfTheDaemonIsNoneOfTheTask() throws Exception {
        Shell.Started first = daemon("deadly");
        String task = enqueue("deadly", "outlives its daemon", COUNTS);
        awaitLine(task, 3);

        first.process().destroyForcibly();
        assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        Shell.Started second = daemon("deadly");
        second.await(out -> out.contains("resumes task '" + task + "'"));

        awaitEnd(task);
        assertCounted(task);
    }

    @Test
    void aQueueThatIsDeletedAndMadeAgainUnderItsNameIsServedAgain() throws Exception {
        Shell.Started daemon = daemon("renewed", "stays");
        String first = enqueue("renewed", "before", QUICK);
        awaitEnd(first);
        String before = idOfQueue("renewed");
        server.call("queues.delete", Map.of("queue", before));
        daemon.await(out -> out.contains(GONE));

        String second = enqueue("renewed", "after", QUICK);

        awaitEnd(second);
        assertThat(idOfQueue("renewed")).isNotEqualTo(before);
        assertThat(daemon.outSoFar().lines())
                .filteredOn(line -> line.contains(GONE))
                .hasSize(1);
    }

    private static String idOfQueue(String name) {
        return server.call("queues.get_all", Map.of("name", "^" + name + "$"))
                .get("queues")
                .get(0)
                .get("id")
                .asString();
    }

    @Test
    void theDeathOfExecuteIsNoneOfTheTask() throws Exception {
        daemon("fatal");
        String task = enqueue("fatal", "outlives its execute process", COUNTS);
        awaitLine(task, 3);

        ProcessHandle.of(executeOf(task)).orElseThrow().destroyForcibly();

        awaitEnd(task);
        assertCounted(task);
    }

    @Test
    void theDeathOfBothIsNoneOfTheTask() throws Exception {
        Shell.Started first = daemon("mortal");
        String task = enqueue("mortal", "outlives them all", COUNTS);
        awaitLine(task, 3);

        first.process().destroyForcibly();
        ProcessHandle.of(executeOf(task)).orElseThrow().destroyForcibly();
        assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        daemon("mortal");

        awaitEnd(task);
        assertCounted(task);
    }

    @Test
    void aStopOnTheServerEndsTheTaskWithTermFirst() throws Exception {
        daemon("stopped");
        String task = enqueue("stopped", "is stopped", "trap 'echo checkpoint; exit 7' TERM\n" + COUNTS);
        awaitLine(task, 3);

        server.call("tasks.stop", Map.of("task", task));
        awaitEnd(task);

        assertThat(server.task(task).get("status").asString()).isEqualTo("stopped");
        assertThat(server.task(task).get("status_reason").asString()).isEqualTo("task was stopped by tasks.stop");
        assertThat(server.console(task)).contains("checkpoint").doesNotContain("line " + LINES);
    }

    @Test
    void stoppingFromTheCommandLineNeedsNoServerAndEndsTasksOnlyWhenToldTo() throws Exception {
        Home away = home.with("CLEARML_API_HOST", "http://127.0.0.1:1");
        assertThat(home.run("daemon", "--queue", "detached", "--create-queue", "--detached")
                        .status())
                .isZero();
        String task = enqueue("detached", "goes on at first", COUNTS.replace("60", "600"));
        awaitLine(task, 3);
        assertThat(away.run("daemon", "--status").out()).contains("box:0").contains("queues detached");

        Shell.Finished stopped = away.run("daemon", "--stop");

        assertThat(stopped.status()).as(stopped.out()).isZero();
        assertThat(stopped.out()).contains("task '" + task + "' keeps running").contains("--stop box:0 --abort");
        assertThat(server.task(task).get("status").asString()).isEqualTo("in_progress");
        assertThat(away.run("daemon", "--stop").status()).isEqualTo(1);

        assertThat(away.run("daemon", "--stop", "box:0", "--abort").status()).isZero();
        awaitEnd(task);
        assertThat(server.task(task).get("status").asString()).isEqualTo("stopped");
    }

    @Test
    void aQueueThatDoesNotExistIsNamedAndNothingStarts() {
        Shell.Finished ended = home.run("daemon", "--queue", "no such queue", "--foreground");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("'no such queue'").contains("--create-queue");
    }

    private static Shell.Started daemon(String... queues) {
        return house.daemon(home, queues[0], Arrays.copyOfRange(queues, 1, queues.length));
    }

    private static String enqueue(String queue, String name, String script) {
        return house.enqueue(queue, name, script);
    }

    private static void awaitLine(String task, int number) throws Exception {
        house.awaitLine(task, "line " + number);
    }

    private static JsonNode awaitEnd(String task) throws Exception {
        return house.awaitEnd(task);
    }

    private static String started(String task) {
        return server.task(task).get("started").asString();
    }

    /** The script's own end, and every line of it once and in order. */
    private static void assertCounted(String task) throws Exception {
        JsonNode ended = awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
        assertThat(server.console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES)
                        .mapToObj(number -> "line " + number)
                        .toList());
    }

    private static long executeOf(String task) throws IOException {
        Path record = home.clearml().resolve("agent/executions").resolve(task).resolve("launched.properties");
        String handle = Files.readAllLines(record).stream()
                .filter(line -> line.startsWith("handle="))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(handle.split(":", -1)[1]);
    }
}
