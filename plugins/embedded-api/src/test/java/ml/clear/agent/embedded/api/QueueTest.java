// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueueTest {

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = new TestServer(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String newQueue(String name) {
        return server.data("queues.create", "{'name':'" + name + "'}")
                .path("id")
                .stringValue();
    }

    private String enqueue(String queue) {
        String id = server.newTask("");
        server.data("tasks.enqueue", "{'task':'" + id + "','queue':'" + queue + "'}");
        return id;
    }

    private List<String> entries(String queue) {
        List<String> entries = new ArrayList<>();
        server.data("queues.get_by_id", "{'queue':'" + queue + "'}")
                .path("queue")
                .path("entries")
                .forEach(entry -> entries.add(entry.path("task").stringValue()));
        return entries;
    }

    @Test
    void freshServerHasOneDefaultQueue() {
        JsonNode queue = server.data("queues.get_default", "{}");
        assertThat(queue.path("name").stringValue()).isEqualTo("default");
        assertThat(server.data(
                                "queues.get_all",
                                "{'id':['" + queue.path("id").stringValue() + "'],'only_fields':['id','tags']}")
                        .path("queues")
                        .get(0)
                        .path("tags")
                        .isArray())
                .isTrue();
    }

    @Test
    void namesAreUniqueAlsoInARace() throws Exception {
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            calls.add(() -> server.codes("queues.create", "{'name':'raced'}"));
        }
        List<String> codes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> call : threads.invokeAll(calls)) {
                codes.add(call.get());
            }
        }
        assertThat(codes).containsOnlyOnce("200/0");
        assertThat(codes.stream().filter("400/801"::equals)).hasSize(15);
        assertThat(server.codes("queues.create", "{'name':'ab'}")).isEqualTo("400/800");
    }

    @Test
    void noTwoAgentsGetTheSameTask() throws Exception {
        String queue = newQueue("contended");
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(enqueue(queue));
        }
        List<Callable<JsonNode>> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(() -> server.data("queues.get_next_task", "{'queue':'" + queue + "'}"));
        }
        List<String> taken = new ArrayList<>();
        int empty = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<JsonNode> call : threads.invokeAll(calls)) {
                JsonNode answer = call.get();
                if (answer.isEmpty()) {
                    empty++;
                } else {
                    taken.add(answer.path("entry").path("task").stringValue());
                }
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(waiting);
        assertThat(empty).isEqualTo(20);
    }

    @Test
    void firstInIsFirstOutAndMovesAreClamped() {
        String queue = newQueue("ordered");
        String a = enqueue(queue);
        String b = enqueue(queue);
        String c = enqueue(queue);
        String move = "{'queue':'" + queue + "','task':'%s','count':%d}";
        assertThat(server.data("queues.move_task_forward", move.formatted(c, 1))
                        .path("position")
                        .asInt())
                .isEqualTo(1);
        assertThat(entries(queue)).containsExactly(a, c, b);
        assertThat(server.data("queues.move_task_backward", move.formatted(a, 99))
                        .path("position")
                        .asInt())
                .isEqualTo(2);
        assertThat(server.data("queues.move_task_to_front", move.formatted(b, 1))
                        .path("position")
                        .asInt())
                .isZero();
        assertThat(entries(queue)).containsExactly(b, c, a);
        assertThat(server.data("queues.peek_task", "{'queue':'" + queue + "'}")
                        .path("task")
                        .stringValue())
                .isEqualTo(b);
        assertThat(server.codes("queues.move_task_to_back", move.formatted("none", 1)))
                .isEqualTo("400/703");
        assertThat(server.data("queues.get_num_entries", "{'queue':'" + queue + "'}")
                        .path("num")
                        .asInt())
                .isEqualTo(3);
        assertThat(server.codes("queues.delete", "{'queue':'" + queue + "'}")).isEqualTo("400/702");
        assertThat(server.data("queues.clear_queue", "{'queue':'" + queue + "'}")
                        .path("removed_tasks"))
                .hasSize(3);
        assertThat(server.task(a).path("status").stringValue()).isEqualTo("created");
        assertThat(server.task(a).path("execution").has("queue")).isFalse();
    }

    @Test
    void enqueueIsOneStepAndLeavesARefusedTaskAsItWas() {
        String queue = newQueue("strict");
        String id = server.newTask(",'system_tags':['development']");
        assertThat(server.codes("tasks.enqueue", "{'task':'" + id + "','queue':'none'}"))
                .isEqualTo("400/701");
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("created");
        JsonNode answer = server.data("tasks.enqueue", "{'task':'" + id + "','queue':'" + queue + "'}");
        assertThat(answer.path("queued").asInt()).isEqualTo(1);
        assertThat(answer.path("fields").path("execution.queue").stringValue()).isEqualTo(queue);
        assertThat(answer.path("fields").path("enqueue_status").stringValue()).isEqualTo("created");
        assertThat(server.task(id).path("system_tags")).isEmpty();
        assertThat(server.codes("tasks.enqueue", "{'task':'" + id + "','queue':'" + queue + "'}"))
                .isEqualTo("400/706");
        String other = newQueue("other queue");
        server.data("tasks.enqueue", "{'task':'" + id + "','queue':'" + other + "'}");
        assertThat(entries(queue)).isEmpty();
        assertThat(entries(other)).containsExactly(id);
        assertThat(server.codes("tasks.enqueue", "{'task':'" + id + "','queue':'x','queue_name':'y'}"))
                .isEqualTo("400/12");
    }

    @Test
    void dequeueActsOnTasksInProgressToo() {
        String id = server.newTask("");
        server.data("tasks.started", "{'task':'" + id + "'}");
        JsonNode answer = server.data("tasks.dequeue", "{'task':'" + id + "','new_status':'in_progress'}");
        assertThat(answer.path("dequeued").asInt()).isEqualTo(1);
        assertThat(answer.path("updated").asInt()).isEqualTo(1);
        assertThat(server.task(id).path("status").stringValue()).isEqualTo("in_progress");
        assertThat(server.data("tasks.dequeue", "{'task':'nobody'}")
                        .path("updated")
                        .asInt())
                .isZero();
        assertThat(server.codes("tasks.dequeue", "{'task':'" + id + "','new_status':'bogus'}"))
                .isEqualTo("400/12");
    }

    @Test
    void workersDieWithoutReports() {
        String queue = newQueue("watched");
        server.data("workers.register", "{'worker':'w:1','queues':['" + queue + "'],'timeout':60}");
        server.data(
                "workers.status_report",
                "{'worker':'w:2','timestamp':5,'tags':null,'machine_stats':null,'is_daemon':true}");
        JsonNode workers = server.data("workers.get_all", "{'last_seen':0,'worker_pattern':'w:*'}")
                .path("workers");
        assertThat(workers).hasSize(2);
        assertThat(workers.get(0).path("queues").get(0).path("name").stringValue())
                .isEqualTo("watched");
        assertThat(server.codes("workers.register", "{'worker':'w','queues':['none']}"))
                .isEqualTo("400/701");
        assertThat(server.codes("workers.status_report", "{'worker':'w'}")).isEqualTo("400/12");
        assertThat(server.codes("workers.status_report", "{'worker':'w','timestamp':1,'task':'none'}"))
                .isEqualTo("400/101");
        server.clock.advance(Duration.ofSeconds(61));
        assertThat(server.data("workers.get_all", "{'last_seen':0,'worker_pattern':'w:1'}")
                        .path("workers"))
                .isEmpty();
        assertThat(server.codes("workers.unregister", "{'worker':'nobody'}")).isEqualTo("200/0");
    }
}
