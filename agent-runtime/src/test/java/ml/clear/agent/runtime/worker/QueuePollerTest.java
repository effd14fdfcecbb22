// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;

class QueuePollerTest {

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

        assertThat(server.calls).containsExactly("next a", "next b", "next c");
    }

    @Test
    void aDeletedQueueDoesNotDisturbTheOthersAndIsToldOnceAndServedAgainWhenItIsBack() {
        QueuePoller poller = poller(QueueOrder.PRIORITY);
        server.delete("a", true);
        server.enqueue("b", task(1), task(2));

        assertThat(looks(poller, 3)).containsExactly("1 b", "2 b", "-");
        assertThat(said).singleElement().asString().contains("'a'");

        server.delete("a", false);
        server.enqueue("a", task(3));
        assertThat(looks(poller, 1)).containsExactly("3 a");
        assertThat(said).hasSize(2).last().asString().contains("is back");
    }

    @Test
    void aServerThatIsAwayIsAskedOnceAndNotForEachQueue() {
        server.away(true);

        assertThat(poller(QueueOrder.PRIORITY).look()).isEqualTo(new Poll.Unanswered("away"));
        assertThat(server.calls).containsExactly("next a");
    }

    private QueuePoller poller(QueueOrder order) {
        return new QueuePoller(server.queues(), List.of("a", "b", "c"), order, said::add);
    }

    private static List<String> looks(QueuePoller poller, int count) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(
                    poller.look() instanceof Poll.Taken(TaskId task, String queue)
                            ? task.value().charAt(31) + " " + queue
                            : "-");
        }
        return found;
    }

    static TaskId task(int number) {
        return new TaskId("0123456789abcdef0123456789abcde" + number);
    }
}
