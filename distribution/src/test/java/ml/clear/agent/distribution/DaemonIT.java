// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The daemon of the archive with the executor of this machine: nothing that happens to our processes disturbs a task. */
class DaemonIT extends DaemonSuite {

    private static final String GONE = "queue 'renewed' does not exist any more";

    @Override
    TaskPlace place(DaemonFixture opened, Path folder) {
        return TaskPlace.THIS_MACHINE;
    }

    @Test
    void aDaemonIsShownAndStoppedThoughItsExecutorIsNotInstalledAnyMore() throws Exception {
        Shell.Started daemon = daemon("without executor");
        daemon.await(out -> out.contains("takes tasks from these queues"));
        AgentHome changed = home.with("CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "no-such-executor");

        Shell.Finished shown = changed.run("daemon", "--status");
        Shell.Finished stopped = changed.run("daemon", "--stop");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("box:0");
        assertThat(stopped.status()).as(stopped.out() + stopped.err()).isZero();
        assertThat(daemon.finish().status()).isEqualTo(143);
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

    private String idOfQueue(String name) {
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
    void aQueueThatDoesNotExistIsNamedAndNothingStarts() {
        Shell.Finished ended = home.run("daemon", "--queue", "no such queue", "--foreground");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("'no such queue'").contains("--create-queue");
    }

    private long executeOf(String task) throws IOException {
        Path record = home.clearml().resolve("agent/executions").resolve(task).resolve("launched.properties");
        String handle = Files.readAllLines(record).stream()
                .filter(line -> line.startsWith("handle="))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(handle.split(":", -1)[1]);
    }
}
