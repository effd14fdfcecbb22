// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.service.ServiceEndpoint;

/**
 * Packages from the package index in a virtual environment that outlives the test, and programs that run there against
 * a server.
 *
 * @param place the environment
 * @param work where programs run, leave their logs and keep their caches
 * @param endpoint the server that they talk to
 */
record PythonEnvironment(Path place, Path work, ServiceEndpoint endpoint) {

    /** The environment, made when it is missing; without Python the test is skipped, or fails where that is asked for. */
    static PythonEnvironment of(String name, List<String> packages, Path work, ServiceEndpoint endpoint)
            throws IOException, InterruptedException {
        PythonEnvironment environment =
                new PythonEnvironment(Path.of("target", "python", name).toAbsolutePath(), work, endpoint);
        boolean ready = environment.prepared(packages);
        if (!ready && Boolean.getBoolean("require.real")) {
            throw new AssertionError("Python 3 with venv and " + packages + " are needed");
        }
        assumeTrue(ready, "Python 3 with venv and " + packages + " are needed");
        return environment;
    }

    /** Installs the packages when they are missing; waits while another test process does so. */
    private boolean prepared(List<String> packages) throws IOException, InterruptedException {
        Files.createDirectories(place.getParent());
        Path lockFile = place.resolveSibling(place.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            return Files.exists(place.resolve("ready")) || install(packages);
        }
    }

    private boolean install(List<String> packages) throws IOException, InterruptedException {
        List<String> pip = new ArrayList<>(List.of(command("pip"), "install", "--quiet"));
        pip.addAll(packages);
        try {
            if (run(List.of("python3", "-m", "venv", place.toString())).code() == 0 && run(pip).code() == 0) {
                Files.createFile(place.resolve("ready"));
                return true;
            }
        } catch (IOException e) {
            System.getLogger(PythonEnvironment.class.getName()).log(System.Logger.Level.INFO, "no Python", e);
        }
        return false;
    }

    /** How a program ended. */
    record Ended(int code, String output) {

        String firstLine(String pattern) {
            return output.lines()
                    .filter(line -> line.matches(pattern))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line like " + pattern + " in: " + output));
        }

        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line);
        }
    }

    String command(String name) {
        return place.resolve("bin").resolve(name).toString();
    }

    /** A program of the test resources; it must end well. */
    Ended python(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(command("python"), program(script).toString()));
        command.addAll(List.of(arguments));
        Ended ended = run(command);
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended;
    }

    Path program(String script) throws IOException {
        Path copy = work.resolve(script);
        try (var in = PythonEnvironment.class.getResourceAsStream("/sdk/" + script)) {
            assertThat(in).as(script).isNotNull();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    Ended run(List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(work, "run", ".log");
        Process process = start(command, Map.of(), log);
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("ends in time: " + command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    }

    Process start(List<String> command, Map<String, String> more, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("CLEARML_") || name.startsWith("TRAINS_"));
        variables.put("CLEARML_CONFIG_FILE", configuration().toString());
        variables.put("CLEARML_CACHE_DIR", work.resolve("cache").toString());
        variables.put("CLEARML_API_HOST", endpoint.api().toString());
        variables.put("CLEARML_WEB_HOST", endpoint.web().toString());
        variables.put("CLEARML_FILES_HOST", endpoint.files().toString());
        variables.put("CLEARML_API_ACCESS_KEY", endpoint.accessKey());
        variables.put("CLEARML_API_SECRET_KEY", endpoint.secretKey().reveal());
        variables.put("NO_PROXY", "127.0.0.1");
        variables.putAll(more);
        return builder.start();
    }

    /**
     * What {@code server start} prints for it. A reporter process that the SDK forks at the moment when its search for a
     * repository starts a program keeps that program's pipe open, and the script waits for it without end.
     */
    private Path configuration() throws IOException {
        Path file = work.resolve("clearml.conf");
        Files.writeString(file, "sdk.development.report_use_subprocess: false\n");
        return file;
    }
}
