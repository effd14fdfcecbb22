// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a daemon of the archive does with its tasks, whichever executor runs them; each subclass chooses one. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DaemonSuite {

    static final int LINES = 40;

    /** Prints its lines over four seconds. */
    static final String COUNTS = """
            for i in $(seq 1 40); do echo "line $i"; sleep 0.1; done
            exit 3
            """;

    /** Prints until it is stopped. */
    private static final String ENDLESS = COUNTS.replace("40", "100000");

    private static final String WITH_CHECKPOINT = "trap 'echo checkpoint; exit 7' TERM\n" + ENDLESS;

    static final String QUICK = "echo done\n";

    private Path folder = Path.of("");

    DaemonFixture fixture;
    AgentHome home;
    ServerClient server;

    /** Where tasks run. */
    abstract TaskPlace place(DaemonFixture opened, Path folder) throws Exception;

    @BeforeAll
    final void open(@TempDir Path temporary) throws Exception {
        folder = temporary;
        fixture = DaemonFixture.in(folder);
        server = fixture.server();
        home = place(fixture, folder).using(fixture.home());
    }

    @AfterAll
    final void close() {
        fixture.close();
    }

    @AfterEach
    final void stopDaemons() throws InterruptedException {
        fixture.stopDaemons();
    }

    @Test
    void queuedTasksRunInOrderUnderARegisteredWorker() throws Exception {
        List<String> tasks = List.of(
                enqueue("less important", "second", COUNTS),
                enqueue("urgent", "first", COUNTS),
                enqueue("urgent", "next", QUICK));
        daemon("urgent", "less important");

        awaitLine(tasks.get(1), 3);
        DaemonFixture.eventually(() -> {
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
    void theDeathOfTheDaemonIsNoneOfTheTask() throws Exception {
        Shell.Started first = daemon("deadly");
        Path go = folder.resolve("go on");
        String task = enqueue("deadly", "outlives its daemon", COUNTS.replace("sleep 0.1", waitAtLine3(go)));
        awaitLine(task, 3);

        first.process().destroyForcibly();
        assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        Shell.Started second = daemon("deadly");
        second.await(out -> out.contains("resumes task '" + task + "'"));
        Files.createFile(go);

        awaitEnd(task);
        assertCounted(task);
    }

    @Test
    void aStopOnTheServerEndsTheTaskWithTermFirst() throws Exception {
        daemon("stopped");
        String task = enqueue("stopped", "is stopped", WITH_CHECKPOINT);
        awaitLine(task, 3);

        server.call("tasks.stop", Map.of("task", task));
        awaitEnd(task);

        assertThat(server.task(task).get("status").asString()).isEqualTo("stopped");
        assertThat(server.task(task).get("status_reason").asString()).isEqualTo("task was stopped by tasks.stop");
        assertThat(server.console(task)).contains("checkpoint");
    }

    @Test
    void stoppingFromTheCommandLineNeedsNoServerAndEndsTasksOnlyWhenToldTo() throws Exception {
        AgentHome away = home.with("CLEARML_API_HOST", "http://127.0.0.1:1");
        assertThat(home.run("daemon", "--queue", "detached", "--create-queue", "--detached")
                        .status())
                .isZero();
        String task = enqueue("detached", "goes on at first", ENDLESS);
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
    @Tag("thorough")
    void aDaemonThatWaitsEndsWithItsLastTaskAndStartsNoOther() throws Exception {
        Shell.Started daemon = fixture.daemon(stopping("wait"), "waits");
        String task =
                fixture.enqueue("waits", "is waited for", "for i in $(seq 20); do echo \"line $i\"; sleep 0.3; done\n");
        String next = fixture.enqueue("waits", "stays", COUNTS);
        fixture.awaitLine(task, "line 1");

        daemon.process().destroy();
        Shell.Finished ended = daemon.finish();

        assertThat(ended.status()).isEqualTo(143);
        assertThat(ended.out())
                .contains("waiting for these to end: '" + task + "'")
                .doesNotContain("keeps running;");
        assertThat(fixture.status(task)).isEqualTo("completed");
        assertThat(fixture.waiting("waits")).containsExactly(next);
    }

    @Test
    @Tag("thorough")
    void aDaemonThatAbortsGivesItsTasksTheirGrace() throws Exception {
        Shell.Started daemon = fixture.daemon(stopping("abort"), "aborts");
        String task = fixture.enqueue("aborts", "is aborted", WITH_CHECKPOINT);
        fixture.awaitLine(task, "line 2");

        daemon.process().destroy();
        Shell.Finished ended = daemon.finish();

        assertThat(ended.out()).contains("aborting these with their grace period: '" + task + "'");
        assertThat(fixture.status(task)).isEqualTo("stopped");
        assertThat(fixture.server().task(task).get("status_reason").asString()).isEqualTo("user abort");
        assertThat(fixture.server().console(task)).contains("checkpoint");
    }

    /** However long the start of another daemon takes, the task does not end before. */
    private static String waitAtLine3(Path file) {
        return "while [ $i = 3 ] && [ ! -e '" + file + "' ]; do sleep 0.1; done; sleep 0.05";
    }

    private AgentHome stopping(String mode) {
        return home.with("CLEARML_AGENT__AGENT__STOP_MODE", mode);
    }

    Shell.Started daemon(String... queues) {
        return fixture.daemon(home, queues[0], Arrays.copyOfRange(queues, 1, queues.length));
    }

    String enqueue(String queue, String name, String script) {
        return fixture.enqueue(queue, name, script);
    }

    void awaitLine(String task, int number) throws Exception {
        fixture.awaitLine(task, "line " + number);
    }

    JsonNode awaitEnd(String task) throws Exception {
        return fixture.awaitEnd(task);
    }

    private String started(String task) {
        return server.task(task).get("started").asString();
    }

    /** The script's own end, and every line of it once and in order. */
    void assertCounted(String task) throws Exception {
        JsonNode ended = awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).isEqualTo("worker execution exit code 3");
        assertThat(server.console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES)
                        .mapToObj(number -> "line " + number)
                        .toList());
    }
}
