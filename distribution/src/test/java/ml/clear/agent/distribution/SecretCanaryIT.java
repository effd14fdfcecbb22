// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.testkit.ProcessList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Secrets with a mark are given to an agent in every way there is, and the mark is looked for wherever others can read. */
@Tag("thorough")
@Timeout(300)
class SecretCanaryIT {

    private static final String CANARY = "canary7f3a";
    private static final String QUEUE = "secretive";

    @TempDir
    private Path folder;

    @Test
    void aSecretAppearsInNoLogNoEventNoProcessListAndNoCrashDump() throws Exception {
        try (DaemonFixture fixture = DaemonFixture.in(folder);
                ProcessList processes = new ProcessList(CANARY);
                RefusingHost host = new RefusingHost()) {
            configure(fixture);
            AgentHome home = fixture.home();
            Shell.Started daemon = fixture.started(
                    home.shell(),
                    home.command(
                            "--debug",
                            "daemon",
                            "--foreground",
                            "--create-queue",
                            "--queue",
                            QUEUE,
                            "--git-user",
                            "me",
                            "--git-pass",
                            CANARY + "-argument"));
            daemon.await(out -> out.contains("takes tasks from these queues"));

            String refused = withRepository(fixture, host.address("me:" + CANARY + "-url@"));
            String unreachable = withRepository(fixture, "http://me:" + CANARY + "-nobody@127.0.0.1:1/repo.git");
            String printed = fixture.enqueue(
                    QUEUE,
                    "prints what it knows",
                    "cat \"$CLEARML_CONFIG_FILE\" | tr -d '\\n"
                            + "' | sed 's/.\\{60\\}/&\\n"
                            + "/g'; cat \"$CLEARML_CONFIG_FILE\"\n");
            String traced = fixture.enqueue(
                    QUEUE,
                    "fails with what it knows",
                    "python3 -c 'import os; raise RuntimeError(open(os.environ[\"CLEARML_CONFIG_FILE\"]).read())'\n");
            String crashed = fixture.enqueue(
                    QUEUE, "is followed by a crash", "for i in 1 2 3 4 5 6; do echo \"line $i\"; sleep 0.5; done\n");
            fixture.awaitLine(crashed, "line 1");
            crash(executeOf(home, crashed));
            assertThat(fixture.awaitEnd(crashed).get("status").asString()).isEqualTo("completed");
            crash(daemon.process().toHandle());
            Shell.Finished ended = daemon.finish();

            for (String task : List.of(refused, unreachable)) {
                JsonNode document = fixture.awaitEnd(task);
                assertThat(document.get("status").asString()).isEqualTo("failed");
                assertThat(document.get("status_reason").asString())
                        .contains("repo")
                        .doesNotContain(CANARY);
                assertThat(document.path("status_message").asString("")).doesNotContain(CANARY);
            }
            assertThat(fixture.server().console(printed)).anyMatch(line -> line.contains("****"));
            for (String task : List.of(refused, unreachable, printed, traced, crashed)) {
                assertThat(fixture.server()
                                .call("events.get_task_log", Map.of("task", task, "order", "asc", "batch_size", 500))
                                .toString())
                        .as("events of " + fixture.server().task(task).get("name"))
                        .doesNotContain(CANARY);
            }
            assertThat(ended.out()).contains("Traceback").doesNotContain(CANARY);
            assertThat(ended.err()).doesNotContain(CANARY);
            assertThat(home.run("--debug", "config").out()).doesNotContain(CANARY);
            assertThat(crashDumps()).as("crash dumps").hasSizeGreaterThanOrEqualTo(2);
            assertThat(filesWithTheMark()).isEmpty();
            assertThat(processes.seen()).isEmpty();
        }
    }

    private static void configure(DaemonFixture fixture) throws IOException {
        JsonNode pair = fixture.credentials();
        Files.writeString(fixture.home().folder().resolve("clearml.conf"), """
            api {
              api_server: "%s"
              credentials { access_key: "%s", secret_key: "%s" }
            }
            agent {
              git_user: "me"
              git_pass: "CANARY-git"
              package_manager { extra_index_url: ["https://me:CANARY-index@example.invalid/simple"] }
            }
            sdk {
              aws.s3 { key: "k", secret: "CANARY-s3" }
            }
            """.formatted(
                        fixture.server().api(),
                        pair.get("access_key").asString(),
                        pair.get("secret_key").asString())
                .replace("CANARY", CANARY));
    }

    private static String withRepository(DaemonFixture fixture, String repository) {
        Map<String, Object> script = Map.of(
                "binary",
                "/bin/bash",
                "entry_point",
                "task.sh",
                "working_dir",
                ".",
                "repository",
                repository,
                "branch",
                "main");
        String task = fixture.server()
                .call("tasks.create", Map.of("name", "has a repository", "type", "testing", "script", script))
                .get("id")
                .asString();
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", QUEUE));
        return task;
    }

    private static ProcessHandle executeOf(AgentHome home, String task) throws IOException {
        Path record = home.clearml().resolve("agent/executions").resolve(task).resolve("launched.properties");
        String handle = Files.readAllLines(record).stream()
                .filter(line -> line.startsWith("handle="))
                .findFirst()
                .orElseThrow();
        return ProcessHandle.of(Long.parseLong(handle.split(":", -1)[1])).orElseThrow();
    }

    /** With this option a JVM behaves as if it had crashed. */
    private void crash(ProcessHandle process) throws Exception {
        int before = crashDumps().size();
        Shell.Finished sent = Shell.in(folder).run("kill", "-SEGV", Long.toString(process.pid()));
        assertThat(sent.status()).as(sent.err()).isZero();
        process.onExit().get();
        eventually(() -> crashDumps().size() > before);
    }

    private List<Path> crashDumps() throws IOException {
        List<Path> dumps = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("tmp"), "clearml-agent-crash-*")) {
            files.forEach(dumps::add);
        }
        return dumps;
    }

    /** Of those that are no secret's proper place: the user's configuration, that of a task, and the server's database. */
    private List<String> filesWithTheMark() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals("home/clearml.conf")
                        && !name.contains("embedded-server/data/")
                        && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    /** A host that accepts no password, and repeats the one it received. */
    private static final class RefusingHost implements AutoCloseable {

        private final HttpServer http;

        RefusingHost() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                try (exchange) {
                    byte[] words = ("no " + exchange.getRequestURI() + " for "
                                    + exchange.getRequestHeaders().get("Authorization"))
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"repo\"");
                    exchange.sendResponseHeaders(401, words.length);
                    exchange.getResponseBody().write(words);
                }
            });
            http.start();
        }

        String address(String user) {
            return "http://" + user + "127.0.0.1:" + http.getAddress().getPort() + "/repo.git";
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
