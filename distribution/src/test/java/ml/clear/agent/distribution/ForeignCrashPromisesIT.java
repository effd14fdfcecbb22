// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** With a {@link ForeignProcessSpace}, whose tasks end with their execute processes. */
class ForeignCrashPromisesIT extends CrashSuite {

    private ForeignProcessSpace space = new ForeignProcessSpace(Path.of(""));

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) throws Exception {
        space = ForeignProcessSpace.in(fixture.home(), folder);
        return space;
    }

    @Override
    List<ProcessHandle> expendable(List<String> tasks) {
        return List.of();
    }

    @Test
    void killOfBothAtOnceFailsTheTaskWithEveryLineAndTheReason() throws Exception {
        Shell.Started first = fixture.daemon("both");
        String task = BashTask.enqueue(
                fixture.server(), "both", "dies with them", "for i in 1 2 3; do echo \"line $i\"; done; sleep 600\n");
        Eventually.holds(
                "its lines are there", () -> fixture.server().console(task).contains("line 3"));

        GatedDaemonFixture.kill(first.process().toHandle());
        GatedDaemonFixture.kill(space.execute(task));
        fixture.daemon("both");

        JsonNode ended = BashTask.awaitEnd(fixture.server(), task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(fixture.server().console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactly("line 1", "line 2", "line 3");
    }

    @Test
    void aNewerDaemonFollowsATaskThatAnOlderOneStarted() throws Exception {
        Installation older = Installation.shared().copiedTo(fixture.newFolder().resolve("older"));
        Shell.Started first = fixture.daemon(fixture.worker().with(older), "upgraded");
        CountingTask task = fixture.countingTask("upgraded");
        task.awaitBegin();

        first.process().destroy();
        assertThat(first.finish().out()).contains("task '" + task.id() + "' keeps running");
        Shell.Started second = fixture.daemon("upgraded");
        second.await(out -> out.contains("resumes task '" + task.id() + "'"));

        task.end();
        task.assertUndisturbed();
        task.assertChangedOnce(fixture.gate());
    }
}
