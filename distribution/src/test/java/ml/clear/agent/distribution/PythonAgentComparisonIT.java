// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The Python agent and this one are given the same fifteen tasks by the same server, and leave the same: status, reasons, script,
 * requirements, runtime, times and console are compared member by member. What may differ is in one table, and each row of it
 * has its place in {@code docs/compatibility.md}.
 */
@Tag("thorough")
@Timeout(400)
class PythonAgentComparisonIT {

    private static final Path DOCUMENT =
            Path.of(System.getProperty("repository")).resolve("docs/compatibility.md");

    private static final String TOKEN = "token-0815";

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(".*", "/console/set-up", "words of the set-up"),
            new Allowed("abort", "/console/abort", "abort"),
            new Allowed("missing requirement", "/status_reason|/console/closing", "reason of a failed set-up"),
            new Allowed(ComparedTask.TAG_AS_BRANCH, ".*", "`branch` that names a tag"),
            new Allowed(ComparedTask.WITHOUT_PREFIX, ".*", "a diff without prefix (`diff.noprefix`)"),
            new Allowed(ComparedTask.COLOURED, ".*", "a diff with terminal colours"));

    /**
     * A difference that is meant.
     *
     * @param task a pattern of the task's name
     * @param member a pattern of the member's path
     * @param subject the row of {@code docs/compatibility.md}
     */
    private record Allowed(String task, String member, String subject) {

        boolean covers(String name, String path) {
            return Pattern.matches(task, name) && Pattern.matches(member, path);
        }
    }

    /** The two agents: the ids of their workers, which are the names of their queues as well. */
    private static final String PYTHON = "python-agent";

    private static final String OURS = "this-agent";

    /** A task, and the ids of the two that were made of it. */
    private record Given(ComparedTask task, String python, String ours) {}

    /** A task, and what both have left of it. */
    private record Compared(ComparedTask task, RecordedTask python, RecordedTask ours) {

        Map<String, List<String>> differences() {
            var paths = new TreeSet<>(python.members().keySet());
            paths.addAll(ours.members().keySet());
            Map<String, List<String>> found = new LinkedHashMap<>();
            for (String path : paths) {
                if (!python.member(path).equals(ours.member(path))) {
                    found.put(path, List.of(python.member(path), ours.member(path)));
                }
            }
            return found;
        }

        @Override
        public String toString() {
            return task.name();
        }
    }

    @TempDir
    private static Path folder;

    private static AgentHome home;
    private static ServerClient server;
    private static GitServer git;
    private static GitServer gitWithToken;
    private static final List<Compared> COMPARED = new ArrayList<>();

    @BeforeAll
    static void giveTheTasksToBoth() throws Exception {
        PythonAgent python = PythonAgent.installed();
        home = AgentHome.emptyIn(folder, Installation.shared());
        Shell.Finished started = home.run("server", "start", "--detach");
        assertThat(started.status()).as(started.err()).isZero();
        server = home.server();
        Path repositories = Files.createDirectories(folder.resolve("repositories"));
        String project = ComparedProject.in(repositories, folder);
        git = new GitServer("127.0.0.1", repositories);
        gitWithToken = new GitServer("127.0.0.1", repositories, "worker", TOKEN);
        List<ComparedTask> tasks = ComparedTask.all(
                python.interpreter(),
                git.address(project),
                gitWithToken.address(project).replace("//", "//worker:" + TOKEN + "@"));
        Path configuration = configuration();

        Shell.Started ours = ours(configuration);
        Shell.Started theirs = python(python, configuration);
        try {
            for (Given given : enqueue(tasks)) {
                awaitEnd(given.task(), given.ours(), ours);
                awaitEnd(given.task(), given.python(), theirs);
                COMPARED.add(new Compared(
                        given.task(),
                        left(given.task(), PYTHON, given.python()),
                        left(given.task(), OURS, given.ours())));
            }
        } finally {
            for (Shell.Started daemon : List.of(ours, theirs)) {
                daemon.process().destroy();
                daemon.finish();
            }
        }
    }

    @AfterAll
    static void stop() {
        if (git != null) {
            git.close();
        }
        if (gitWithToken != null) {
            gitWithToken.close();
        }
        if (home != null) {
            home.close();
        }
    }

    static List<Compared> tasks() {
        return COMPARED;
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void bothLeaveTheSame(Compared both) {
        List<String> differences = new ArrayList<>();
        both.differences().forEach((member, values) -> {
            if (ALLOWED.stream().noneMatch(allowed -> allowed.covers(both.task().name(), member))) {
                differences.add(
                        member + "\n  Python agent: " + values.getFirst() + "\n  this agent:   " + values.getLast());
            }
        });

        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theTaskPrintsWhatItShould(Compared both) {
        assertThat(both.ours().member("/console/output").lines())
                .hasSize(both.task().lines());
    }

    @Test
    void eachDifferenceThatIsMeantOccursAndIsWrittenDown() throws IOException {
        String document = Files.readString(DOCUMENT);

        for (Allowed allowed : ALLOWED) {
            assertThat(COMPARED.stream()
                            .anyMatch(both -> both.differences().keySet().stream()
                                    .anyMatch(
                                            member -> allowed.covers(both.task().name(), member))))
                    .as("occurs: " + allowed)
                    .isTrue();
            assertThat(document).as(DOCUMENT.toString()).contains("| " + allowed.subject() + " |");
        }
    }

    @Test
    void theUsersGitConfigurationIsLeftAlone() {
        assertThat(folder.resolve("python-agent/.gitconfig")).content().contains("safe");
        assertThat(home.folder().resolve(".gitconfig")).doesNotExist();
    }

    private static Path configuration() throws IOException {
        JsonNode credentials = server.credentials();
        Path file = folder.resolve("agent.conf");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, """
                api {
                    api_server: "%1$s", web_server: "%1$s", files_server: "%1$s/files"
                    credentials { access_key: "%2$s", secret_key: "%3$s" }
                }
                agent { enable_task_env: true, package_manager.type: pip }
                """.formatted(
                        server.api(),
                        credentials.get("access_key").asString(),
                        credentials.get("secret_key").asString()));
    }

    private static Shell.Started python(PythonAgent agent, Path configuration) throws IOException {
        Path own = Files.createDirectories(folder.resolve("python-agent"));
        Path temporary = Files.createDirectories(folder.resolve("python-tmp"));
        return as(PYTHON, Shell.in(own))
                .with("HOME", own.toString())
                .with("TMPDIR", temporary.toString())
                .with("PYTHONDONTWRITEBYTECODE", "") // it would start more slowly than it does with its users
                .with("XDG_CACHE_HOME", home.folder().resolve(".cache").toString())
                .start(Stream.concat(Stream.of(agent.command()), daemon(configuration, PYTHON))
                        .toList());
    }

    private static Shell.Started ours(Path configuration) {
        return as(OURS, home.shell())
                .start(home.command(daemon(configuration, OURS).toArray(String[]::new)));
    }

    private static Stream<String> daemon(Path configuration, String queue) {
        return Stream.of(
                "--config-file",
                configuration.toString(),
                "daemon",
                "--queue",
                queue,
                "--create-queue",
                "--foreground");
    }

    private static Shell as(String worker, Shell shell) {
        JsonNode credentials = server.credentials();
        return shell.with("CLEARML_WORKER_ID", worker)
                .with("CLEARML_AGENT_QUEUE_POLL_FREQ_SEC", "0.5")
                .with("CLEARML_API_HOST", server.api().toString())
                .with("CLEARML_API_ACCESS_KEY", credentials.get("access_key").asString())
                .with("CLEARML_API_SECRET_KEY", credentials.get("secret_key").asString());
    }

    private static List<Given> enqueue(List<ComparedTask> tasks) {
        return tasks.stream()
                .map(task -> new Given(task, enqueue(task, PYTHON), enqueue(task, OURS)))
                .toList();
    }

    private static String enqueue(ComparedTask task, String queue) {
        String id = server.call("tasks.create", task.document()).get("id").asString();
        server.call("tasks.enqueue", Map.of("task", id, "queue_name", queue));
        return id;
    }

    private static void awaitEnd(ComparedTask task, String id, Shell.Started daemon) throws InterruptedException {
        boolean stopped = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (!ended(id)) {
            assertThat(daemon.process().isAlive() && System.nanoTime() < end)
                    .as(() -> task + " ends in time; the daemon says: " + daemon.outSoFar())
                    .isTrue();
            if (!stopped
                    && task.name().equals(ComparedTask.ABORT)
                    && server.console(id).contains(ComparedTask.BEGAN)) {
                server.call("tasks.stop", Map.of("task", id));
                stopped = true;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** A task may have ended itself: then its agent has the last word. */
    private static boolean ended(String id) {
        JsonNode task = server.task(id);
        return List.of("completed", "failed", "stopped")
                        .contains(task.get("status").asString())
                && !task.path("status_reason").asString("").equals(ComparedTask.OWN_REASON);
    }

    private static RecordedTask left(ComparedTask task, String worker, String id) throws IOException {
        List<String> messages = server.messages(id);
        Files.write(
                Installation.ARCHIVE.resolveSibling(
                        "compared-" + task.name().replace(' ', '-') + "-" + worker + ".txt"),
                messages);
        JsonNode document = server.task(id);
        Map<String, String> names = new LinkedHashMap<>();
        names.put(id, "(its id)");
        names.put(worker, "(the worker)");
        names.put(document.at("/execution/queue").asString("(no queue)"), "(the queue)");
        return RecordedTask.of(document, messages, names);
    }
}
