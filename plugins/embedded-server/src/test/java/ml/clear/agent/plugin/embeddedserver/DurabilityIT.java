// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A killed server has lost nothing that it acknowledged. */
class DurabilityIT {

    private static final int WRITERS = 50;
    private static final int KILLS = Boolean.getBoolean("soak") ? 20 : 3;

    private final Random random = new Random();

    /** The writes that were acknowledged: a task created, a line of its console, its place in a queue. */
    private record Done(Queue<String> made, Queue<String> reported, Queue<String> queued) {

        Done() {
            this(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
        }
    }

    @Test
    void acknowledgedWritesSurviveAKill(@TempDir Path folder) throws Exception {
        EmbeddedServerService service = new EmbeddedServerService(TestContext.in(folder));
        List<Done> rounds = new ArrayList<>();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                ServiceEndpoint endpoint = service.ensureRunning();
                Done done = new Done();
                rounds.add(done);
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    writers.add(Thread.ofVirtual().start(() -> writeUntilItBreaks(endpoint, done)));
                }
                while (done.made().size() < WRITERS + random.nextInt(400)) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                ProcessIdentity process = service.alive().orElseThrow().process();
                ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
                assertThat(handle.destroyForcibly()).isTrue();
                handle.onExit().get(10, TimeUnit.SECONDS);
                for (Thread writer : writers) {
                    writer.join();
                }
                assertEverythingIsThere(service.ensureRunning(), done);
            }
            ServiceEndpoint endpoint = service.ensureRunning();
            rounds.forEach(done -> assertThat(missing(endpoint, done.made())).isEmpty());
        } finally {
            service.stop();
        }
    }

    private static void writeUntilItBreaks(ServiceEndpoint endpoint, Done done) {
        try {
            while (true) {
                String task = ApiCall.data(endpoint, "tasks.create", "{\"name\":\"task\",\"type\":\"training\"}")
                        .path("id")
                        .stringValue();
                done.made().add(task);
                ApiCall.data(
                        endpoint,
                        "events.add",
                        "{\"type\":\"log\",\"task\":\"" + task + "\",\"msg\":\"line of " + task + "\"}");
                done.reported().add(task);
                ApiCall.data(endpoint, "tasks.enqueue", "{\"task\":\"" + task + "\",\"queue_name\":\"default\"}");
                done.queued().add(task);
            }
        } catch (UncheckedIOException e) {
            // The server was killed: what was not acknowledged may be there or not.
            assertThat(e).isNotNull();
        }
    }

    private static void assertEverythingIsThere(ServiceEndpoint endpoint, Done done) {
        assertThat(missing(endpoint, done.made())).isEmpty();
        for (String task : done.reported()) {
            JsonNode log = ApiCall.data(endpoint, "events.get_task_log", "{\"task\":\"" + task + "\"}");
            assertThat(log.path("events").path(0).path("msg").asString("")).isEqualTo("line of " + task);
        }
        String queue =
                ApiCall.data(endpoint, "queues.get_default", "{}").path("id").stringValue();
        List<String> entries = ApiCall.data(endpoint, "queues.get_by_id", "{\"queue\":\"" + queue + "\"}")
                .path("queue")
                .path("entries")
                .valueStream()
                .map(entry -> entry.path("task").stringValue())
                .toList();
        assertThat(entries).containsAll(done.queued()).doesNotHaveDuplicates();
    }

    private static List<String> missing(ServiceEndpoint endpoint, Queue<String> made) {
        List<String> all = List.copyOf(made);
        List<String> missing = new ArrayList<>(all);
        for (int from = 0; from < all.size(); from += 500) {
            List<String> part = all.subList(from, Math.min(all.size(), from + 500));
            JsonNode tasks = ApiCall.data(
                            endpoint,
                            "tasks.get_all",
                            "{\"only_fields\":[\"id\"],\"id\":[\"" + String.join("\",\"", part) + "\"]}")
                    .path("tasks");
            for (JsonNode task : tasks) {
                missing.remove(task.path("id").stringValue());
            }
        }
        return missing;
    }
}
