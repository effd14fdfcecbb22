// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static ml.clear.agent.runtime.worker.QueuePollerTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.server.QueueService;
import ml.clear.agent.runtime.server.StatusReport;
import org.junit.jupiter.api.Test;

class RecreatedQueuesTest {

    private final FakeServer server = new FakeServer();
    private final RecreatedQueues renewed = new RecreatedQueues(server, Map.of("a", "gpu", "b", "cpu"));
    private final QueueService queues = renewed.queues();

    @Test
    void aQueueThatIsDeletedAndMadeAgainUnderItsNameIsServedAgain() {
        server.delete("a", true);
        assertThatThrownBy(() -> queues.first("a")).isInstanceOf(AgentException.class);

        server.make("gpu", "a2");
        server.enqueue("a2", task(1));
        server.tag("a2", "force_workers:on");

        assertThat(queues.first("a")).contains(task(1));
        assertThat(queues.tags(List.of("a", "b"))).isEqualTo(Map.of("a", List.of("force_workers:on")));
        assertThat(queues.take("a", task(1))).isTrue();
        queues.putBack("a", task(1), QueueService.Place.FRONT);
        assertThat(server.in("a2")).containsExactly(task(1));
    }

    @Test
    void theServerHearsOfTheQueuesByTheirNewIds() {
        server.delete("a", true);
        server.make("gpu", "a2");
        queues.first("a");

        renewed.workers()
                .report(new StatusReport("host:0", Instant.EPOCH, List.of(), "", "a", List.of("a", "b"), null));
        renewed.workers().unregister("host:0", List.of("a", "b"));

        assertThat(server.reports).singleElement().satisfies(report -> {
            assertThat(report.queue()).isEqualTo("a2");
            assertThat(report.queues()).containsExactly("a2", "b");
        });
        assertThat(server.calls).contains("unregister host:0 [a2, b]");
    }

    @Test
    void aQueueThatIsThereIsNotLookedUp() {
        queues.first("a");

        assertThat(server.calls).containsExactly("first a");
    }
}
