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

/** Killed at any moment, the server keeps every write that it has acknowledged. 20 rounds with -Dsoak=true, else 3. */
class DurabilityIT {

    private static final int WRITERS = 50;

    private final Random random = new Random();

    @Test
    void acknowledgedWritesSurviveAKill(@TempDir Path folder) throws Exception {
        EmbeddedServerService service = new EmbeddedServerService(TestContext.in(folder));
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        int rounds = Boolean.getBoolean("soak") ? 20 : 3;
        try {
            for (int round = 0; round < rounds; round++) {
                ServiceEndpoint endpoint = service.ensureRunning();
                int before = acknowledged.size();
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    writers.add(Thread.ofVirtual().start(() -> writeUntilItBreaks(endpoint, acknowledged)));
                }
                while (acknowledged.size() < before + WRITERS + random.nextInt(400)) {
                    Thread.onSpinWait();
                }
                ProcessIdentity process = service.alive().orElseThrow().process();
                ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
                assertThat(handle.destroyForcibly()).isTrue();
                handle.onExit().get(10, TimeUnit.SECONDS);
                for (Thread writer : writers) {
                    writer.join();
                }
                assertThat(missing(service.ensureRunning(), acknowledged)).isEmpty();
            }
        } finally {
            service.stop();
        }
    }

    private static void writeUntilItBreaks(ServiceEndpoint endpoint, Queue<String> acknowledged) {
        try {
            while (true) {
                acknowledged.add(ApiCall.data(endpoint, "tasks.create", "{\"name\":\"task\",\"type\":\"training\"}")
                        .path("id")
                        .stringValue());
            }
        } catch (UncheckedIOException e) {
            // The server was killed: what was not acknowledged may be there or not.
            assertThat(e).isNotNull();
        }
    }

    private static List<String> missing(ServiceEndpoint endpoint, Queue<String> acknowledged) {
        List<String> all = List.copyOf(acknowledged);
        List<String> missing = new ArrayList<>(all);
        for (int from = 0; from < all.size(); from += 500) {
            List<String> part = all.subList(from, Math.min(all.size(), from + 500));
            JsonNode tasks = ApiCall.data(
                            endpoint,
                            "tasks.get_all",
                            "{\"only_fields\":[\"id\"],\"id\":[\"" + String.join("\",\"", part) + "\"]}")
                    .path("tasks");
            List<String> found = new ArrayList<>();
            tasks.forEach(task -> found.add(task.path("id").stringValue()));
            missing.removeAll(found);
        }
        return missing;
    }
}
