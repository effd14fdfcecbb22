// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests and answers that together are larger than the server's heap, which ends the server when it is too small. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BoundedMemoryIT {

    private static final int MEGABYTE = 1 << 20;
    /** Four times as many megabytes are more than the heap. */
    private static final int COUNT = Boolean.getBoolean("soak") ? 200 : 50;

    private EmbeddedServerService service;
    private ServiceEndpoint endpoint;
    private ProcessIdentity process;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("state"));
        service = new EmbeddedServerService(TestContext.in(folder.resolve("state")));
        endpoint = service.ensureRunning();
        process = service.alive().orElseThrow().process();
    }

    @AfterAll
    void stop() throws InterruptedException {
        service.stop();
    }

    private String newTask(String more) {
        return ApiCall.data(endpoint, "tasks.create", "{\"name\":\"task\",\"type\":\"training\"" + more + "}")
                .path("id")
                .stringValue();
    }

    private List<Long> together(int count, LongSupplier call) throws InterruptedException {
        Queue<Long> results = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(Thread.ofPlatform().start(() -> results.add(call.getAsLong())));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(process.isAlive()).isTrue();
        return List.copyOf(results);
    }

    @Test
    void figuresThatTogetherAreLargerThanTheHeapAreRead() throws Exception {
        String task = newTask("");
        for (int i = 0; i < COUNT; i++) {
            ApiCall.data(
                    endpoint,
                    "events.add",
                    "{\"type\":\"plot\",\"task\":\"" + task + "\",\"iter\":" + i
                            + ",\"metric\":\"m\",\"variant\":\"v\",\"plot_str\":\"" + "p".repeat(MEGABYTE) + "\"}");
        }
        String body = "{\"task\":\"" + task + "\",\"iters\":1000,\"event_type\":\"plot\",\"batch_size\":1000}";
        assertThat(together(4, () -> ApiCall.length(endpoint, "events.get_task_plots", body)))
                .hasSize(4)
                .allMatch(length -> length > (long) COUNT * MEGABYTE);
        assertThat(together(4, () -> ApiCall.length(endpoint, "events.get_task_events", body)))
                .hasSize(4)
                .allMatch(length -> length > (long) COUNT * MEGABYTE);
    }

    @Test
    void consoleWhoseLinesAllHaveTheSameTimeIsRead() throws Exception {
        String task = newTask("");
        for (int i = 0; i < COUNT; i++) {
            ApiCall.data(
                    endpoint,
                    "events.add",
                    "{\"type\":\"log\",\"timestamp\":1,\"task\":\"" + task + "\",\"msg\":\"" + "l".repeat(MEGABYTE)
                            + "\"}");
        }
        assertThat(together(4, () -> ApiCall.length(endpoint, "events.get_task_log", "{\"task\":\"" + task + "\"}")))
                .hasSize(4)
                .allMatch(length -> length > (long) COUNT * MEGABYTE);
    }

    @Test
    void tasksWithLongDifferencesAreListed() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            newTask(",\"tags\":[\"long\"],\"script\":{\"diff\":\"" + "d".repeat(MEGABYTE) + "\"}");
        }
        assertThat(together(4, () -> ApiCall.length(endpoint, "tasks.get_all", "{\"tags\":[\"long\"]}")))
                .hasSize(4)
                .allMatch(length -> length > (long) COUNT * MEGABYTE);
        assertThat(ApiCall.data(endpoint, "tasks.get_all", "{\"tags\":[\"long\"],\"only_fields\":[\"id\"]}")
                        .path("tasks"))
                .hasSize(COUNT);
    }

    @Test
    void projectOfTasksWithLongDifferencesIsMergedAndDeletedWhileOthersWrite() throws Exception {
        String from = newProject("from");
        String into = newProject("into");
        for (int i = 0; i < COUNT; i++) {
            newTask(",\"project\":\"" + from + "\",\"script\":{\"diff\":\"" + "d".repeat(MEGABYTE) + "\"}");
        }
        Queue<String> written = new ConcurrentLinkedQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                written.add(newTask(""));
            }
        });
        long merged = ApiCall.data(
                        endpoint,
                        "projects.merge",
                        "{\"project\":\"" + from + "\",\"destination_project\":\"" + into + "\"}")
                .path("moved_entities")
                .asLong();
        long deleted = ApiCall.data(
                        endpoint,
                        "projects.delete",
                        "{\"project\":\"" + into + "\",\"force\":true,\"delete_contents\":true}")
                .path("deleted_tasks")
                .asLong();
        done.set(true);
        writer.join();
        assertThat(merged).isEqualTo(COUNT);
        assertThat(deleted).isEqualTo(COUNT);
        assertThat(written).isNotEmpty();
        assertThat(process.isAlive()).isTrue();
    }

    private String newProject(String name) {
        return ApiCall.data(endpoint, "projects.create", "{\"name\":\"" + name + "\"}")
                .path("id")
                .stringValue();
    }

    @Test
    void largestEventsAllAtOnceAreTaken() throws Exception {
        String task = newTask("");
        String event = "{\"type\":\"plot\",\"task\":\"" + task + "\",\"metric\":\"m\",\"variant\":\"v\",\"plot_str\":\""
                + "p".repeat(15 * MEGABYTE) + "\"}";
        assertThat(together(
                        6,
                        () -> ApiCall.data(endpoint, "events.add", event)
                                .path("added")
                                .asLong()))
                .hasSize(6)
                .containsOnly(1L);
    }
}
