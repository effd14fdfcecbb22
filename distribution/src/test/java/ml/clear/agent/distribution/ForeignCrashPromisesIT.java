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
    TaskPlace place(DaemonHouse house, Path folder) throws Exception {
        space = ForeignProcessSpace.in(house.home(), folder);
        return space;
    }

    @Override
    List<ProcessHandle> expendable(List<String> tasks) {
        return List.of();
    }

    @Test
    void killOfBothAtOnceFailsTheTaskWithEveryLineAndTheReason() throws Exception {
        Shell.Started first = workplace.daemon("both");
        String task = BashTask.enqueue(
                workplace.server(), "both", "dies with them", "for i in 1 2 3; do echo \"line $i\"; done; sleep 600\n");
        Eventually.holds(
                "its lines are there", () -> workplace.server().console(task).contains("line 3"));

        Workplace.kill(first.process().toHandle());
        Workplace.kill(space.execute(task));
        workplace.daemon("both");

        JsonNode ended = BashTask.awaitEnd(workplace.server(), task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(workplace.server().console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactly("line 1", "line 2", "line 3");
    }

    @Test
    void aNewerDaemonFollowsATaskThatAnOlderOneStarted() throws Exception {
        Installation older =
                Installation.shared().copiedTo(workplace.newFolder().resolve("older"));
        Shell.Started first = workplace.daemon(workplace.worker().with(older), "upgraded");
        CountingTask task = workplace.countingTask("upgraded");
        task.awaitBegin();

        first.process().destroy();
        assertThat(first.finish().out()).contains("task '" + task.id() + "' keeps running");
        Shell.Started second = workplace.daemon("upgraded");
        second.await(out -> out.contains("resumes task '" + task.id() + "'"));

        task.end();
        task.assertUndisturbed();
        task.assertChangedOnce(workplace.gate());
    }
}
