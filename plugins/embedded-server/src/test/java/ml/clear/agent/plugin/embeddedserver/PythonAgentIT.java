// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The unmodified Python agent, as a daemon, takes a task that the unmodified SDK hands to a queue of this server. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonAgentIT {

    private static final Duration LONGEST_TASK = Duration.ofMinutes(4);

    private EmbeddedServerService service;
    private ServiceEndpoint endpoint;
    private PythonEnvironment agent;
    private Process daemon;
    private Path log;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("state"));
        service = new EmbeddedServerService(TestContext.in(folder.resolve("state")));
        endpoint = service.ensureRunning();
        agent = PythonEnvironment.of(
                "clearml-agent-3.0.3", List.of("clearml-agent==3.0.3", "virtualenv==20.39.1"), folder, endpoint);
        log = folder.resolve("daemon.log");
        daemon = agent.start(
                List.of(
                        agent.command("clearml-agent"),
                        "--config-file",
                        configuration(folder).toString(),
                        "daemon",
                        "--queue",
                        "default",
                        "remote",
                        "--create-queue",
                        "--foreground"),
                Map.of("HOME", folder.toString(), "PYTHONUNBUFFERED", "1"),
                log);
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (daemon != null) {
            List<ProcessHandle> children = daemon.descendants().toList();
            daemon.destroy();
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
        service.stop();
    }

    private Path configuration(Path folder) throws IOException {
        return Files.writeString(folder.resolve("agent.conf"), """
                api {
                    api_server: "%1$s", web_server: "%1$s", files_server: "%2$s"
                    credentials { access_key: "%3$s", secret_key: "%4$s" }
                }
                agent {
                    worker_id: "python:0", package_manager { type: pip }
                    venvs_dir: "%5$s/venvs", venvs_cache { path: "%5$s/kept" }, vcs_cache { path: "%5$s/vcs" }
                    pip_download_cache { path: "%5$s/pip" }
                }
                """.formatted(
                        endpoint.api(),
                        endpoint.files(),
                        endpoint.accessKey(),
                        endpoint.secretKey().reveal(),
                        folder));
    }

    @Test
    void programThatHandsItselfOverGoesOnWhereTheAgentTakesIt() throws Exception {
        PythonEnvironment sdk = PythonEnvironment.of(
                "clearml-2.1.12",
                List.of("clearml==2.1.12", "matplotlib==3.10.7", "pandas==2.3.3"),
                agent.work(),
                endpoint);
        String task = sdk.python("enqueue_itself.py", "--rate", "0.75").firstLine("[0-9a-f]{32}");
        JsonNode ended = ended(task);
        assertThat(ended.path("status").stringValue()).as(console(task)).isEqualTo("completed");
        assertThat(ended.path("last_worker").stringValue()).isEqualTo("python:0");
        assertThat(console(task)).contains("remote rate 0.75 layers 2 name local");
        assertThat(sdk.python("came_back.py", task).lastLine()).isEqualTo("all values are the same");
    }

    private JsonNode ended(String task) throws IOException, InterruptedException {
        return await(
                task,
                found -> List.of("completed", "failed", "stopped")
                        .contains(found.path("status").stringValue()));
    }

    private JsonNode await(String task, Predicate<JsonNode> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_TASK.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode found =
                    call("tasks.get_by_id", "{\"task\":\"" + task + "\"}").path("task");
            if (condition.test(found)) {
                return found;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        throw new AssertionError("not in time: " + console(task) + Files.readString(log, StandardCharsets.UTF_8));
    }

    private String console(String task) {
        StringBuilder text = new StringBuilder();
        call("events.get_task_log", "{\"navigate_earlier\":false,\"task\":\"" + task + "\"}")
                .path("events")
                .forEach(event -> text.append(event.path("msg").asString("")).append('\n'));
        return text.toString();
    }

    private JsonNode call(String name, String body) {
        return ApiCall.data(endpoint, name, body);
    }
}
