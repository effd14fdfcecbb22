// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Daemons with a {@link ForeignProcessSpace}: nothing outside of an executor relies on the processes of this machine. */
@Tag("thorough")
class ForeignProcessSpaceIT extends DaemonSuite {

    private ForeignProcessSpace space = new ForeignProcessSpace(Path.of(""));

    @Override
    TaskPlace place(DaemonFixture opened, Path folder) throws Exception {
        space = ForeignProcessSpace.in(opened.home(), folder);
        return space;
    }

    @Test
    void aTaskRunsThereAndANewDaemonFindsItByItsAttempt() throws Exception {
        Shell.Started first = daemon("apart");
        Path go = space.control().resolve("go");
        String task = fixture.enqueue(
                "apart",
                "outlives its daemon",
                "echo begun; while [ ! -e '" + go + "' ]; do sleep 0.1; done\n" + COUNTS);
        fixture.awaitLine(task, "begun");

        first.process().destroyForcibly();
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.createFile(space.control().resolve("silent"));
        Shell.Started second = daemon("apart");
        second.await(out -> out.contains("cannot determine yet whether task '" + task + "' runs"));
        Files.delete(space.control().resolve("silent"));
        Files.createFile(go);

        assertCounted(task);
    }

    @Test
    void theDeathOfExecuteThereEndsTheTaskWithEveryLineAndTheReason() throws Exception {
        daemon("fatal");
        String task = fixture.enqueue("fatal", "dies with its execute process", "echo begun; sleep 600\n");
        fixture.awaitLine(task, "begun");

        space.execute(task).destroyForcibly();

        JsonNode ended = fixture.awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(fixture.server().console(task)).contains("begun");
    }

    @Test
    void aRefusalForTheTaskFailsItAndAnyOtherRequeuesIt() throws Exception {
        Files.writeString(space.control().resolve("refuse"), "TASK_INVALID");
        Shell.Started daemon = daemon("refused");
        String wrong = fixture.enqueue("refused", "is refused", COUNTS);
        JsonNode failed = fixture.awaitEnd(wrong);
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("status_reason").asString()).contains("the cluster refuses task '" + wrong + "'");

        Files.writeString(space.control().resolve("refuse"), "LAUNCH_FAILED");
        String full = fixture.enqueue("refused", "waits for room", "echo done\n");
        daemon.await(out -> out.contains("task '" + full + "' cannot be started and goes back to its queue"));
        assertThat(fixture.status(full)).isEqualTo("queued");
        Files.delete(space.control().resolve("refuse"));

        assertThat(fixture.awaitEnd(full).get("status").asString()).isEqualTo("completed");
    }

    @Test
    void executeRunsATaskThereAndReturnsItsEnd() {
        String task = fixture.create("by hand", "echo apart\n");

        Shell.Finished ended = home.run("execute", "--id", task, "--apart");

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(fixture.server().console(task)).contains("apart");
        assertThat(fixture.status(task)).isEqualTo("completed");
    }
}
