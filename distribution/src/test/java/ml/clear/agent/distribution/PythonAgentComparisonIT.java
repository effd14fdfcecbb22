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
import ml.clear.agent.testkit.GitOverHttp;
import ml.clear.agent.testkit.PackageIndex;
import ml.clear.agent.testkit.PrivateAuthority;
import ml.clear.agent.testkit.PythonWheel;
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
 * The Python agent and this one are given the same tasks by the same server, and leave the same: status, reasons, script,
 * requirements, runtime, times and console are compared member by member. What may differ is in one table, and each row of it
 * has its place in {@code docs/compatibility.md}. Both run under a locale without letters beyond ASCII.
 */
@Tag("thorough")
@Timeout(400)
class PythonAgentComparisonIT {

    private static final Path DOCUMENT =
            Path.of(System.getProperty("repository")).resolve("docs/compatibility.md");

    private static final Pattern ITALICS = Pattern.compile("(?<=[|,] )\\*([^*|]+)\\*(?=[ ,])");

    private static final String TOKEN = "token-0815";

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(".*", "/console/set-up", "words of the set-up"),
            new Allowed("abort", "/console/abort", "abort"),
            new Allowed("missing requirement", "/status_reason|/console/closing", "reason of a failed set-up"),
            new Allowed(ComparedTask.TAG_AS_BRANCH, ".*", "`branch` that names a tag"),
            new Allowed(ComparedTask.WITHOUT_PREFIX, ".*", "a diff without prefix (`diff.noprefix`)"),
            new Allowed(ComparedTask.COLOURED, ".*", "a diff with terminal colours"),
            new Allowed(ComparedTask.NOTHING_TO_RUN, "/status_reason|/console/.*", "a task without an entry point"),
            new Allowed(ComparedTask.OF_WINDOWS, ".*", "a Windows path, `src\\train.py`"),
            new Allowed(
                    ".*" + ComparedTask.PACKAGE_OF_REPOSITORY,
                    "/script/requirements/.*",
                    "requirements that are paths of the repository"),
            new Allowed(
                    ".*" + ComparedTask.ANOTHER_INDEX,
                    "/script/requirements/.*",
                    "`--extra-index-url` and other options among a task's requirements"));

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
    private static final List<AutoCloseable> SERVERS = new ArrayList<>();
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
        List<ComparedTask> tasks = ComparedTask.all(python.interpreter(), places(repositories, project));
        Path configuration = configuration();

        Shell.Started ours = ours(configuration);
        Shell.Started theirs = python(python, configuration);
        try {
            List<Given> clones = new ArrayList<>();
            for (Given given : enqueue(tasks)) {
                await(given, ours, theirs);
                if (ComparedTask.CLONED.contains(given.task().name())) {
                    clones.add(
                            new Given(given.task().cloned(), clone(given.python(), PYTHON), clone(given.ours(), OURS)));
                }
            }
            for (Given clone : clones) {
                await(clone, ours, theirs);
            }
        } finally {
            for (Shell.Started daemon : List.of(ours, theirs)) {
                daemon.process().destroy();
                daemon.finish();
            }
        }
    }

    /** Starts the servers that the tasks need, and configures git of both agents for them. */
    private static ComparedTask.Places places(Path repositories, String project) throws Exception {
        String password = GitOverHttp.basic("worker", TOKEN);
        PrivateAuthority authority = PrivateAuthority.in(folder, "localhost");
        GitOverHttp git = started(new GitOverHttp(repositories));
        GitOverHttp withToken = started(new GitOverHttp("127.0.0.1", repositories, password));
        GitOverHttp withNetrc = started(new GitOverHttp(repositories, password, null));
        GitOverHttp encrypted = started(new GitOverHttp(repositories, "", authority.tls()));
        Path wheels = Files.createDirectories(folder.resolve("wheels"));
        PythonWheel.of(ComparedTask.ANOTHER_INDEX_PACKAGE, "1.0").writeTo(wheels);
        PackageIndex index = started(PackageIndex.of(wheels));
        for (Path user : List.of(home.folder(), Files.createDirectories(folder.resolve("python-agent")))) {
            Files.writeString(user.resolve(".netrc"), "machine localhost login worker password " + TOKEN + "\n");
            Files.writeString(
                    user.resolve(".gitconfig"),
                    "[http \"%s\"]\n\tsslCAInfo = %s\n".formatted(encrypted.address(""), authority.certificate()));
        }
        return new ComparedTask.Places(
                git.address(project),
                withToken.address(project).replace("//", "//worker:" + TOKEN + "@"),
                withNetrc.address(project),
                encrypted.address(project),
                index.addressWithPassword());
    }

    private static <T extends AutoCloseable> T started(T server) {
        SERVERS.add(server);
        return server;
    }

    private static void await(Given given, Shell.Started ours, Shell.Started theirs) throws Exception {
        awaitEnd(given.task(), given.ours(), ours);
        awaitEnd(given.task(), given.python(), theirs);
        COMPARED.add(new Compared(
                given.task(), left(given.task(), PYTHON, given.python()), left(given.task(), OURS, given.ours())));
    }

    /** A copy of a task that has ended, with what was recorded in it, in the queue of the same agent. */
    private static String clone(String id, String queue) {
        String clone = server.call("tasks.clone", Map.of("task", id)).get("id").asString();
        server.call("tasks.enqueue", Map.of("task", clone, "queue_name", queue));
        return clone;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable server : SERVERS) {
            server.close();
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
    void eachTaskThatTheDocumentNamesInItalicsIsCompared() throws IOException {
        List<String> names = Pattern.compile("(?m)^\\|.*$")
                .matcher(Files.readString(DOCUMENT))
                .results()
                .flatMap(row -> ITALICS.matcher(row.group()).results())
                .map(name -> name.group(1))
                .toList();

        assertThat(names).isNotEmpty();
        assertThat(COMPARED).extracting(Compared::toString).containsAll(names);
    }

    @Test
    void theUsersGitConfigurationIsLeftAlone() {
        assertThat(folder.resolve("python-agent/.gitconfig")).content().contains("sslCAInfo", "safe");
        assertThat(home.folder().resolve(".gitconfig"))
                .content()
                .contains("sslCAInfo")
                .doesNotContain("safe");
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
        return shell.without("GIT_SSL_CAINFO") // it would take the place of git's configuration
                .with("LC_ALL", "C")
                .with("CLEARML_WORKER_ID", worker)
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
        names.put(document.path("parent").asString("(no parent)"), "(the parent)");
        names.put(document.at("/execution/queue").asString("(no queue)"), "(the queue)");
        return RecordedTask.of(document, messages, names);
    }
}
