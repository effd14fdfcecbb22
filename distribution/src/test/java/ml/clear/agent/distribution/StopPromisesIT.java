// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With the executor of this machine; and what does not depend on executors. */
class StopPromisesIT extends StopSuite {

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) {
        return TaskPlace.THIS_MACHINE;
    }

    @Test
    void ctrlCEndsAnIdleDaemonAtOnce() throws Exception {
        Shell.Started daemon = fixture.started(
                home.shell(),
                Stream.concat(Stream.of("env", "--default-signal=INT"), fixture.daemonCommand(home, queue).stream())
                        .toList());
        daemon.await(out -> out.contains("takes tasks from these queues"));

        interrupt(daemon);

        assertThat(daemon.finish().status()).isEqualTo(130);
    }

    @Test
    void asProcessOneOfAContainerItSaysThatTasksCannotOutliveItAndAbortsThemWithTheirGrace() throws Exception {
        List<String> container =
                List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user");
        Shell.Finished possible = home.shell()
                .start(Stream.concat(container.stream(), Stream.of("true")).toList())
                .finish();
        if (!Boolean.getBoolean("require.real")) {
            assumeTrue(possible.status() == 0, "this machine permits no process namespaces: " + possible.err());
        }
        AgentHome inside = fixture.through(fixture.gate()); // the server's process cannot be seen from inside
        Shell.Started outside = fixture.started(
                inside.shell(),
                Stream.concat(container.stream(), fixture.daemonCommand(inside, queue).stream())
                        .toList());
        outside.await(out -> out.contains("tasks cannot outlive this daemon: it is process 1 of its container"));
        String task = fixture.enqueue(queue, "ends with its container", WITH_CHECKPOINT);
        fixture.awaitLine(task, "line 2");

        outside.process().children().forEach(ProcessHandle::destroy);
        outside.process().waitFor(60, TimeUnit.SECONDS);

        assertThat(outside.outSoFar()).contains("aborting these with their grace period: '" + task + "'");
        assertThat(fixture.status(task)).isEqualTo("stopped");
        assertThat(fixture.server().console(task)).contains("checkpoint");
    }
}
