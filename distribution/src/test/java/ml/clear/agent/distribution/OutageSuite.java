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

    Workplace workplace;

    private DaemonHouse house;

    /** Where tasks run. */
    abstract TaskPlace place(DaemonHouse opened, Path folder) throws Exception;

    @BeforeAll
    final void open(@TempDir Path folder) throws Exception {
        house = DaemonHouse.in(folder);
        workplace = new Workplace(folder, house, place(house, folder));
    }

    @AfterAll
    final void close() {
        house.close();
    }

    @AfterEach
    final void stopDaemons() throws Exception {
        workplace.stopDaemons();
    }

    @Test
    void serverThatIsGoneForLongerThanEveryRetryLosesNothingAndIsToldNothingTwice() throws Exception {
        Instants instants = new Instants();
        List<Fault> faults = List.of(Fault.GONE, Fault.BAD_GATEWAY, Fault.ANSWER_LOST);
        ServerGate gate = workplace.gate();
        workplace.daemon("outages");
        CountingTask task = workplace.countingTask("outages");
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
        workplace.daemon("ends unseen");
        CountingTask task = workplace.countingTask("ends unseen");
        task.awaitBegin();

        workplace.gate().fail(Fault.GONE);
        endAndWait(task);
        assertThat(status(task)).isEqualTo("in_progress");
        workplace.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(workplace.gate());
    }

    @Test
    void finalStateArrivesThoughNoDaemonRunsAndTheServerWasAway() throws Exception {
        Shell.Started daemon = workplace.daemon("ends alone");
        CountingTask task = workplace.countingTask("ends alone");
        task.awaitBegin();

        daemon.process().destroy();
        assertThat(daemon.finish().out()).contains("task '" + task.id() + "' keeps running");
        workplace.gate().fail(Fault.GONE);
        endAndWait(task);
        workplace.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(workplace.gate());
    }

    @Test
    void finalStateIsWrittenOnceThoughTheAnswerToItIsLost() throws Exception {
        workplace.daemon("answer lost");
        CountingTask task = workplace.countingTask("answer lost");
        task.awaitBegin();

        int before = workplace.gate().faults();
        workplace.gate().failWith("tasks.failed", Fault.ANSWER_LOST);
        task.end();
        Eventually.holds("the answer is lost", () -> workplace.gate().faults() > before);
        Eventually.holds("all is delivered", () -> !Files.exists(workplace.execution(task.id())));
        workplace.gate().mend();

        task.assertUndisturbed();
        task.assertChangedOnce(workplace.gate());
    }

    @Test
    void answersThatAreLostWhileATaskBeginsLoseNoTask() throws Exception {
        for (String endpoint : List.of("tasks.dequeue", "tasks.started", "tasks.edit")) {
            Shell.Started daemon = workplace.daemon("begins " + endpoint);
            int before = workplace.gate().faults();
            workplace.gate().failWith(endpoint, Fault.ANSWER_LOST);
            String task = BashTask.enqueue(workplace.server(), "begins " + endpoint, "begins", "echo begun; exit 3");
            Eventually.holds("the answer is lost", () -> workplace.gate().faults() > before);
            workplace.gate().mend();

            JsonNode ended = BashTask.awaitEnd(workplace.server(), task);
            assertThat(ended.get("status_reason").asString())
                    .as(() -> endpoint + ": " + daemon.outSoFar())
                    .isEqualTo("worker execution exit code 3");
            assertThat(workplace.server().console(task).stream().filter("begun"::equals))
                    .hasSize(1);
        }
    }

    private void endAndWait(CountingTask task) throws Exception {
        task.end();
        Eventually.holds(
                "the keeper has its end",
                () -> Files.exists(workplace.execution(task.id()).resolve("complete.properties")));
        TimeUnit.MILLISECONDS.sleep(2 * LONGER_THAN_EVERY_RETRY_MILLIS);
    }

    private String status(CountingTask task) {
        return workplace.server().task(task.id()).get("status").asString();
    }
}
