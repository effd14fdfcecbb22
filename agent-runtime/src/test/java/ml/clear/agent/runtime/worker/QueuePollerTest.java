// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.PendingDequeue;
import ml.clear.agent.runtime.execution.PendingDequeues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuePollerTest {

    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();
    private final List<String> said = new ArrayList<>();

    @Test
    void priorityServesTheFirstQueueUntilItIsEmpty() {
        QueuePoller poller = poller(QueueOrder.PRIORITY);
        server.enqueue("b", task(1), task(2));
        server.enqueue("a", task(3), task(4));

        assertThat(looks(poller, 5)).containsExactly("3 a", "4 a", "1 b", "2 b", "-");
    }

    @Test
    void fairnessTakesTurns() {
        QueuePoller poller = poller(QueueOrder.FAIR);
        server.enqueue("a", task(1), task(2), task(3));
        server.enqueue("c", task(4), task(5));

        assertThat(looks(poller, 6)).containsExactly("1 a", "4 c", "2 a", "5 c", "3 a", "-");
    }

    @Test
    void anEmptyServerIsAskedOnceAQueue() {
        assertThat(looks(poller(QueueOrder.PRIORITY), 1)).containsExactly("-");

        assertThat(server.calls).containsExactly("first a", "first b", "first c");
    }

    @Test
    void aDeletedQueueDoesNotDisturbTheOthersAndIsToldOnceAndServedAgainWhenItIsBack() {
        QueuePoller poller = poller(QueueOrder.PRIORITY);
        server.delete("a", true);
        server.enqueue("b", task(1), task(2));

        assertThat(looks(poller, 3)).containsExactly("1 b", "2 b", "-");
        assertThat(said).singleElement().asString().contains("'the queue a'");

        server.delete("a", false);
        server.enqueue("a", task(3));
        assertThat(looks(poller, 1)).containsExactly("3 a");
        assertThat(said).hasSize(2).last().asString().contains("'the queue a' exists again");
    }

    @Test
    void aServerThatIsAwayIsAskedOnceAndNotForEachQueue() {
        server.away(true);

        assertThat(look(poller(QueueOrder.PRIORITY))).isEqualTo(new Poll.Unanswered("away"));
        assertThat(server.calls).containsExactly("first a");
    }

    @Test
    void aTaskIsRecordedBeforeItIsTakenAndForgottenWhenAnotherWorkerWasFaster() throws IOException {
        server.enqueue("b", task(1));
        server.beaten(2);

        assertThat(looks(poller(QueueOrder.PRIORITY), 1)).containsExactly("1 b");

        assertThat(server.calls).filteredOn("take b"::equals).hasSize(3);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aTakeWhoseAnswerIsLostStaysWrittenDown() {
        server.enqueue("a", task(1));
        server.silent(true);

        assertThat(look(poller(QueueOrder.PRIORITY)))
                .isInstanceOfSatisfying(
                        Poll.Doubtful.class,
                        doubt -> assertThat(doubt.dequeue().file()).exists());
    }

    @Test
    void aQueueThatIsNotServedNowIsNotAsked() {
        server.enqueue("a", task(1));
        server.enqueue("b", task(2));

        Poll poll = poller(QueueOrder.PRIORITY).look(queue -> !queue.equals("a"), _ -> true);

        assertThat(shown(poll)).isEqualTo("2 b");
        assertThat(server.calls).doesNotContain("first a");
    }

    @Test
    void aTaskThatFindsNoCapacityKeepsItsTurn() {
        server.enqueue("a", task(1));
        server.enqueue("b", task(2));

        assertThat(poller(QueueOrder.PRIORITY).look(_ -> true, queue -> !queue.equals("a")))
                .isEqualTo(new Poll.NoCapacity("a"));
        assertThat(server.in("a")).containsExactly(task(1));
        assertThat(server.in("b")).containsExactly(task(2));
    }

    private QueuePoller poller(QueueOrder order) {
        return new QueuePoller(
                server.queues(),
                List.of("a", "b", "c"),
                id -> "the queue " + id,
                order,
                new PendingDequeues(folder, ProcessIdentity.current()),
                said::add);
    }

    private static Poll look(QueuePoller poller) {
        return poller.look(_ -> true, _ -> true);
    }

    private static List<String> looks(QueuePoller poller, int count) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(shown(look(poller)));
        }
        return found;
    }

    private static String shown(Poll poll) {
        return poll instanceof Poll.Taken(PendingDequeue dequeue)
                ? dequeue.task().value().charAt(31) + " " + dequeue.queue()
                : "-";
    }

    static TaskId task(int number) {
        return new TaskId("0123456789abcdef0123456789abcde" + number);
    }
}
