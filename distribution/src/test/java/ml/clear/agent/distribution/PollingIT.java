// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon asks its server, counted before the server. */
@Tag("thorough")
@Timeout(180)
class PollingIT {

    /** The Python agent 3.0.3 with one empty queue: 12 polls of two requests each, and two reports. */
    private static final int PYTHON_A_MINUTE = 26;

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;

    @BeforeAll
    static void startServer() {
        fixture = DaemonFixture.in(folder);
    }

    @AfterAll
    static void stopServer() {
        fixture.close();
    }

    @Test
    void anEmptyServerIsAskedNoMoreOftenThanByThePythonAgent() throws Exception {
        ServerGate gate = fixture.gate();
        fixture.daemon(fixture.through(gate).with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", ""), "empty");
        eventually(() -> gate.calls("queues.peek_task").size() > 1); // it has started

        int before = gate.calls().size();
        TimeUnit.SECONDS.sleep(30); // a test of time needs time
        int asked = gate.calls().size() - before;

        System.out.println("requests in half a minute of an empty queue: " + asked + ", of which "
                + gate.calls("queues.peek_task").size() + " polls");
        assertThat(asked).isLessThanOrEqualTo(PYTHON_A_MINUTE / 2);
    }

    @Test
    void aFinishedTaskIsFollowedByTheNextPollAtOnce() throws Exception {
        ServerGate gate = fixture.gate();
        List<String> tasks = List.of(
                fixture.enqueue("busy", "first", "echo 1\n"),
                fixture.enqueue("busy", "second", "echo 2\n"),
                fixture.enqueue("busy", "third", "echo 3\n"));
        fixture.daemon(fixture.through(gate).with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "3600"), "busy");
        for (String task : tasks) {
            assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        }

        List<ServerGate.Call> ends = gate.calls("tasks.completed");
        List<ServerGate.Call> polls = gate.calls("queues.peek_task");
        for (ServerGate.Call end : ends.subList(0, 2)) {
            long next = polls.stream()
                    .mapToLong(ServerGate.Call::nanos)
                    .filter(nanos -> nanos > end.nanos())
                    .min()
                    .orElseThrow();
            Duration pause = Duration.ofNanos(next - end.nanos());
            System.out.println("from the end of a task to the next poll: " + pause.toMillis() + " ms");
            assertThat(pause).as("far less than the interval of polling").isLessThan(Duration.ofSeconds(60));
        }
    }
}
