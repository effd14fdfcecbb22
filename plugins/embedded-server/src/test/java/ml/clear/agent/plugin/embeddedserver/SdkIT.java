// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified Python SDK writes and, in a fresh process, reads back and compares values. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkIT {

    private static final String SDK = "clearml==2.1.12";
    private static final Path ENVIRONMENT =
            Path.of("target", "python", "clearml-2.1.12").toAbsolutePath();

    private Path folder;
    private EmbeddedServerService service;
    private ServiceEndpoint endpoint;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        boolean ready = Files.exists(ENVIRONMENT.resolve("ready")) || install();
        if (!ready && Boolean.getBoolean("require.real")) {
            throw new AssertionError("Python 3 with venv and " + SDK + " are needed");
        }
        assumeTrue(ready, "Python 3 with venv and " + SDK + " are needed");
        service = new EmbeddedServerService(TestContext.in(folder.resolve("state")));
        Files.createDirectories(folder.resolve("state"));
        endpoint = service.ensureRunning();
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (service != null) {
            service.stop();
        }
    }

    private boolean install() throws IOException, InterruptedException {
        Files.createDirectories(ENVIRONMENT.getParent());
        String pip = ENVIRONMENT.resolve("bin").resolve("pip").toString();
        try {
            if (run(List.of("python3", "-m", "venv", ENVIRONMENT.toString())).code() == 0
                    && run(List.of(pip, "install", "--quiet", SDK)).code() == 0) {
                Files.createFile(ENVIRONMENT.resolve("ready"));
                return true;
            }
        } catch (IOException e) {
            System.getLogger(SdkIT.class.getName()).log(System.Logger.Level.INFO, "no Python", e);
        }
        return false;
    }

    private record Ended(int code, String output) {
        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line);
        }
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "run", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        if (endpoint != null) {
            var variables = builder.environment();
            variables.keySet().removeIf(name -> name.startsWith("CLEARML_") || name.startsWith("TRAINS_"));
            variables.put("CLEARML_CONFIG_FILE", folder.resolve("none.conf").toString());
            variables.put("CLEARML_CACHE_DIR", folder.resolve("cache").toString());
            variables.put("CLEARML_API_HOST", endpoint.api().toString());
            variables.put("CLEARML_WEB_HOST", endpoint.web().toString());
            variables.put("CLEARML_FILES_HOST", endpoint.files().toString());
            variables.put("CLEARML_API_ACCESS_KEY", endpoint.accessKey());
            variables.put("CLEARML_API_SECRET_KEY", endpoint.secretKey().reveal());
            variables.put("NO_PROXY", "127.0.0.1");
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("ends in time: " + command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    }

    private String python(String script, String... arguments) throws IOException, InterruptedException {
        Path copy = folder.resolve(script);
        try (var in = SdkIT.class.getResourceAsStream("/sdk/" + script)) {
            assertThat(in).as(script).isNotNull();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(
                List.of(ENVIRONMENT.resolve("bin").resolve("python").toString(), copy.toString()));
        command.addAll(List.of(arguments));
        Ended ended = run(command);
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.lastLine();
    }

    @Test
    void everythingReportedIsReadBackByValue() throws Exception {
        String task = python("report.py", folder.toString());
        assertThat(task).matches("[0-9a-f]{32}");
        assertThat(python("read_back.py", task)).isEqualTo("all values are the same");
    }

    @Test
    void tasksAreMadeCopiedQueuedAndReset() throws Exception {
        assertThat(python("manage.py")).isEqualTo("all values are the same");
    }

    @Test
    void dataSetAndPipelineRunToTheirEnd() throws Exception {
        assertThat(python("build_on.py", folder.toString())).isEqualTo("all values are the same");
    }
}
