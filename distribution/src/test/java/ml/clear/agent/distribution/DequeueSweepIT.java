// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.distribution.ServerGate.Moment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Daemons that share a queue and a machine are ended at instants spread evenly over the steps between the request for a task
 * and its started process. Each daemon reaches the server through a gate of its own, so that the instants inside its calls are
 * hit exactly, held for as long as the end takes; half of all instants lie there, the others by time after the task was taken.
 */
@Tag("thorough")
@Timeout(900)
class DequeueSweepIT {

    private static final int INSTANTS = Boolean.getBoolean("soak") ? 200 : 20;
    private static final int DAEMONS = 4;
    private static final String QUEUE = "swept";

    /** From the answer that brings a task to its started process, on a busy machine. */
    private static final long MILLIS_TO_START = 1200;

    /** The calls of daemon and execute process between request and started process. */
    private static final List<String> CALLS =
            List.of("queues.peek_task", "queues.get_next_task", "tasks.get_by_id", "tasks.started", "tasks.dequeue");

    @TempDir
    private Path folder;

    private final List<String> tasks = new ArrayList<>();
    private final List<Instant> missed = new ArrayList<>();
    private DaemonFixture fixture;

    /**
     * When a daemon is ended.
     *
     * @param call in this call
     * @param moment before or after the server has answered
     * @param delayMillis after that moment, which is left at once unless this is 0
     */
    private record Instant(String call, Moment moment, long delayMillis) {

        static Instant of(int number) {
            if (number % 2 == 1) {
                return new Instant("queues.get_next_task", Moment.ANSWER, 1 + MILLIS_TO_START * number / INSTANTS);
            }
            int place = number / 2 % (2 * CALLS.size());
            return new Instant(CALLS.get(place / 2), place % 2 == 0 ? Moment.REQUEST : Moment.ANSWER, 0);
        }
    }

    @FunctionalInterface
    private interface End {
        void of(Process daemon);
    }

    @BeforeEach
    void startServer() throws IOException {
        fixture = DaemonFixture.in(folder);
        Files.createDirectory(folder.resolve("ran"));
    }

    @AfterEach
    void stopServer() {
        fixture.close();
    }

    @Test
    void aTaskHasRunOnceOrIsBackInItsQueueWhateverInstantTheSignalComesAt() throws Exception {
        for (int first = 0; first < INSTANTS; first += DAEMONS) {
            endDaemons(first, Process::destroy);
            eventually(this::eachHasEndedOrWaits);
        }
        runTheRest();
    }

    @Test
    void aTaskRunsOnceWhateverInstantTheDaemonIsKilledAtAndTheNextOneFindsIt() throws Exception {
        for (int first = 0; first < INSTANTS; first += DAEMONS) {
            endDaemons(first, Process::destroyForcibly);
        }
        runTheRest();
    }

    private void endDaemons(int first, End end) throws Exception {
        while (fixture.waiting(QUEUE).size() < 2 * DAEMONS) {
            tasks.add(fixture.enqueue(
                    QUEUE, "task " + tasks.size(), "echo ran >> \"" + folder + "/ran/$CLEARML_TASK_ID\"\n"));
        }
        List<Shell.Started> daemons = new ArrayList<>();
        List<CountDownLatch> ended = new ArrayList<>();
        for (int number = first; number < Math.min(first + DAEMONS, INSTANTS); number++) {
            ServerGate gate = fixture.gate();
            CountDownLatch done = new CountDownLatch(1);
            Instant instant = Instant.of(number);
            Shell.Started daemon = fixture.daemon(fixture.through(gate), QUEUE);
            gate.once(instant.call(), instant.moment(), () -> {
                if (instant.delayMillis() == 0) {
                    end.of(daemon.process());
                    done.countDown();
                    // The JVM's handler has seen a signal well before the answer goes on.
                    TimeUnit.MILLISECONDS.sleep(30);
                } else {
                    Thread.ofVirtual().start(() -> later(instant, daemon, end, done));
                }
            });
            daemons.add(daemon);
            ended.add(done);
        }
        for (int i = 0; i < daemons.size(); i++) {
            // A daemon that found no task, since the others were faster, is ended too. One that resumes a task of
            // another
            // may wait 15 seconds for its execute process before it asks for a task.
            if (!ended.get(i).await(30, TimeUnit.SECONDS)) {
                missed.add(Instant.of(first + i));
                end.of(daemons.get(i).process());
            }
            assertThat(daemons.get(i).process().waitFor(60, TimeUnit.SECONDS))
                    .as(() -> "a daemon ends")
                    .isTrue();
        }
    }

    private static void later(Instant instant, Shell.Started daemon, End end, CountDownLatch done) {
        try {
            TimeUnit.MILLISECONDS.sleep(instant.delayMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end.of(daemon.process());
        done.countDown();
    }

    private boolean eachHasEndedOrWaits() {
        List<String> waiting = fixture.waiting(QUEUE);
        return tasks.stream()
                .allMatch(task -> waiting.contains(task)
                        ? !hasRun(task)
                        : fixture.status(task).equals("completed"));
    }

    private void runTheRest() throws Exception {
        System.out.println(
                INSTANTS - missed.size() + " of " + INSTANTS + " instants met, with " + tasks.size() + " tasks");
        assertThat(missed).as("instants that no daemon came to").hasSizeLessThan(INSTANTS / 5);
        fixture.daemon(fixture.home(), QUEUE, "--services-mode", "2");
        for (String task : tasks) {
            assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
            assertThat(Files.readAllLines(ran(task))).as("task " + task).containsExactly("ran");
        }
        try (Stream<Path> files = Files.list(folder.resolve("ran"))) {
            assertThat(files).hasSize(tasks.size());
        }
        fixture.stopDaemons();
        assertThat(fixture.waiting(QUEUE)).isEmpty();
        assertThat(fixture.home().clearml().resolve("agent/takes")).isEmptyDirectory();
        eventually(() -> isEmpty(fixture.home().clearml().resolve("agent/executions")));
    }

    private boolean hasRun(String task) {
        return Files.exists(ran(task));
    }

    private Path ran(String task) {
        return folder.resolve("ran").resolve(task);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
