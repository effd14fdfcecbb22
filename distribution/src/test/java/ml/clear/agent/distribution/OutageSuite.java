// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.distribution.ServerGate.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * When the server fails or is away, no line and no status of a task is lost or reported twice, whichever executor runs it; each
 * subclass chooses one.
 */
@Tag("thorough")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OutageSuite {

    /** A request is repeated once, 0.2 s later at most. */
    private static final long LONGER_THAN_EVERY_RETRY_MILLIS = 1500;

    GatedDaemonFixture fixture;

    private DaemonFixture daemonFixture;

    /** Where tasks run. */
    abstract TaskPlace place(DaemonFixture opened, Path folder) throws Exception;

    @BeforeAll
    final void open(@TempDir Path folder) throws Exception {
        daemonFixture = DaemonFixture.in(folder);
        fixture = new GatedDaemonFixture(folder, daemonFixture, place(daemonFixture, folder));
    }

    @AfterAll
    final void close() {
        daemonFixture.close();
    }

    @AfterEach
    final void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void serverThatIsGoneForLongerThanEveryRetryLosesNothingAndIsToldNothingTwice() throws Exception {
        RandomInstants instants = new RandomInstants();
        List<Fault> faults = List.of(Fault.GONE, Fault.BAD_GATEWAY, Fault.ANSWER_LOST);
        ServerGate gate = fixture.gate();
        fixture.daemon("outages");
        CountingTask task = fixture.countingTask("outages");
        task.awaitBegin();

        instants.each(number -> {
            int before = gate.batches();
            gate.fail(faults.get(number % faults.size()));
            TimeUnit.MILLISECONDS.sleep(LONGER_THAN_EVERY_RETRY_MILLIS);
            gate.mend();
            Eventually.holds("lines arrive again", () -> gate.batches() > before + 1);
        });
        instants.afterwards(_ -> {
            int before = gate.faults();
            gate.failWith("events.add_batch", Fault.ANSWER_LOST);
            Eventually.holds("the answers to several batches are lost", () -> gate.faults() > before + 1);
            gate.mend();
            task.end();
            task.assertUndisturbed();
            task.assertChangedOnce(gate);
        });
    }

    @Test
    void finalStateArrivesWhenTheTaskEndsDuringTheOutage() throws Exception {
        fixture.daemon("ends unseen");
        CountingTask task = fixture.countingTask("ends unseen");
        task.awaitBegin();

        fixture.gate().fail(Fault.GONE);
        endAndWait(task);
        assertThat(status(task)).isEqualTo("in_progress");
        fixture.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(fixture.gate());
    }

    @Test
    void finalStateArrivesThoughNoDaemonRunsAndTheServerWasAway() throws Exception {
        Shell.Started daemon = fixture.daemon("ends alone");
        CountingTask task = fixture.countingTask("ends alone");
        task.awaitBegin();

        daemon.process().destroy();
        assertThat(daemon.finish().out()).contains("task '" + task.id() + "' keeps running");
        fixture.gate().fail(Fault.GONE);
        endAndWait(task);
        fixture.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(fixture.gate());
    }

    @Test
    void finalStateIsWrittenOnceThoughTheAnswerToItIsLost() throws Exception {
        fixture.daemon("answer lost");
        CountingTask task = fixture.countingTask("answer lost");
        task.awaitBegin();

        int before = fixture.gate().faults();
        fixture.gate().failWith("tasks.failed", Fault.ANSWER_LOST);
        task.end();
        Eventually.holds("the answer is lost", () -> fixture.gate().faults() > before);
        Eventually.holds("all is delivered", () -> !Files.exists(fixture.execution(task.id())));
        fixture.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(fixture.gate());
    }

    @Test
    void answersThatAreLostWhileATaskBeginsLoseNoTask() throws Exception {
        for (String endpoint : List.of("tasks.dequeue", "tasks.started", "tasks.edit")) {
            Shell.Started daemon = fixture.daemon("begins " + endpoint);
            int before = fixture.gate().faults();
            fixture.gate().failWith(endpoint, Fault.ANSWER_LOST);
            String task = BashTask.enqueue(fixture.server(), "begins " + endpoint, "begins", "echo begun; exit 3");
            Eventually.holds("the answer is lost", () -> fixture.gate().faults() > before);
            fixture.gate().mend();

            JsonNode ended = BashTask.awaitEnd(fixture.server(), task);
            assertThat(ended.get("status_reason").asString())
                    .as(() -> endpoint + ": " + daemon.outSoFar())
                    .isEqualTo("worker execution exit code 3");
            assertThat(fixture.server().console(task).stream().filter("begun"::equals))
                    .hasSize(1);
        }
    }

    private void endAndWait(CountingTask task) throws Exception {
        task.end();
        Eventually.holds(
                "the keeper has its end",
                () -> Files.exists(fixture.execution(task.id()).resolve("complete.properties")));
        TimeUnit.MILLISECONDS.sleep(2 * LONGER_THAN_EVERY_RETRY_MILLIS);
    }

    private String status(CountingTask task) {
        return fixture.server().task(task.id()).get("status").asString();
    }
}
