// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import ml.clear.agent.testkit.ImageRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The installed agent with a real engine: tasks run in containers, with this agent in them. */
@Tag("thorough")
@Timeout(600)
@ExtendWith(EngineExtension.class)
class DockerModeIT {

    private static final String COUNTS = """
        for i in $(seq 1 30); do echo "line $i"; sleep 0.1; done
        exit 3
        """;

    @TempDir
    private static Path folder;

    private static DockerEngine engine;
    private static DaemonFixture fixture;
    private static AgentHome home;

    @BeforeAll
    static void open(DockerEngine shared) {
        engine = shared;
        fixture = DaemonFixture.in(folder);
        home = fixture.home().with("DOCKER_HOST", engine.host());
    }

    @AfterAll
    static void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @AfterEach
    void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void aTaskRunsInTheContainerItAsksForAndNothingIsLeftOfIt() throws Exception {
        daemon("plain");
        String task = enqueue("plain", "in a container", """
            echo "$(cat /proc/1/comm) in $CLEARML_DOCKER_IMAGE with $COLOUR"
            """, "-e COLOUR=blue");

        JsonNode ended = fixture.awaitEnd(task);

        assertThat(fixture.server().console(task)).contains("docker-init in " + DockerEngine.IMAGE + " with blue");
        assertThat(ended.get("status").asString()).isEqualTo("completed");
        DaemonFixture.eventually(() -> engine.docker("ps", "--all", "--quiet").isBlank());
    }

    @Test
    void theDeathOfTheDaemonIsNoneOfTheTask() throws Exception {
        Shell.Started first = daemon("deadly");
        String task = enqueue("deadly", "outlives its daemon", COUNTS, "");
        fixture.awaitLine(task, "line 3");

        first.process().destroyForcibly();
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        daemon("deadly");

        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("failed"); // its exit code is 3
        assertThat(fixture.server().console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 30)
                        .mapToObj(line -> "line " + line)
                        .toList());
    }

    @Test
    void theDeathOfTheContainerFailsTheTaskWithEveryLine() throws Exception {
        daemon("fatal");
        String task = enqueue("fatal", "loses its container", "echo begun; sleep 600\n", "");
        fixture.awaitLine(task, "begun");

        engine.docker(
                "kill",
                engine.docker("ps", "--quiet", "--filter", "label=ml.clear.agent.task=" + task)
                        .strip());

        JsonNode ended = fixture.awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(fixture.server().console(task)).contains("begun");
    }

    @Test
    void aStopOnTheServerReachesTheScriptInside() throws Exception {
        daemon("stopped");
        String task = enqueue(
                "stopped",
                "is stopped",
                "trap 'echo checkpoint; exit 7' TERM\necho begun; while :; do sleep 0.1; done\n",
                "");
        fixture.awaitLine(task, "begun");

        fixture.server().call("tasks.stop", Map.of("task", task));

        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("stopped");
        assertThat(fixture.server().console(task)).contains("checkpoint");
    }

    @Test
    void whatIsWrongWithTheContainerOfATaskFailsItWithTheReason() throws Exception {
        daemon("wrong");
        String refused = enqueue("wrong", "asks for too much", "echo\n", "-v /:/machine");
        String unknown = enqueue("wrong", "asks for nonsense", "echo\n", "--no-such-option");

        assertThat(fixture.awaitEnd(refused).get("status_reason").asString()).contains("/:/machine", "refused");
        assertThat(fixture.awaitEnd(unknown).get("status_reason").asString()).contains("--no-such-option");
        assertThat(fixture.status(refused)).isEqualTo("failed");
        assertThat(fixture.waiting("wrong")).isEmpty();
    }

    @Test
    void anImageThatTheRegistryLacksFailsTheTaskWithTheReason() throws Exception {
        if (Boolean.getBoolean("require.real")) {
            assertThat(ImageRegistry.obstacle()).isEmpty();
        }
        assumeTrue(ImageRegistry.obstacle().isEmpty(), "docker-registry is not installed");
        daemon("missing");
        try (ImageRegistry registry = ImageRegistry.open(Files.createDirectory(folder.resolve("registry")))) {
            String task = enqueue(
                    "missing", "has no image", "echo\n", Map.of("image", registry.image("none:1"), "arguments", ""));

            JsonNode ended = fixture.awaitEnd(task);

            assertThat(ended.get("status").asString()).isEqualTo("failed");
            assertThat(ended.get("status_reason").asString())
                    .contains(registry.image("none:1"), "manifest unknown", "docker login");
            assertThat(fixture.server().console(task))
                    .contains("clearml-agent: pulling image '" + registry.image("none:1") + "'");
            assertThat(fixture.waiting("missing")).isEmpty();
        }
    }

    @Test
    void outputOfSetUpScriptsIsInTheLogOfTheTaskWhichGetsTheDefaultContainer() throws Exception {
        daemon("prepared");
        String task =
                enqueue("prepared", "is prepared", "echo begun\n", Map.of("setup_shell_script", "echo prepared by $0"));

        fixture.awaitEnd(task);

        assertThat(fixture.server().console(task))
                .containsSubsequence("prepared by /run/clearml-agent/start.sh", "begun");
        JsonNode container = fixture.server().task(task).get("container");
        assertThat(container.get("image").asString()).isEqualTo(DockerEngine.IMAGE);
        assertThat(container.get("setup_shell_script").asString()).isEqualTo("echo prepared by $0");
    }

    @Test
    void theDeathOfTheExecuteProcessInsideFailsTheTaskWithEveryLine() throws Exception {
        daemon("orphaned");
        String task = enqueue("orphaned", "loses its execute process", "echo begun; sleep 600\n", "");
        fixture.awaitLine(task, "begun");

        ProcessHandle execute = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("execute") && line.contains(task))
                        .isPresent())
                .filter(process -> process.parent()
                        .flatMap(parent -> parent.info().command())
                        .filter(command -> command.endsWith("docker-init"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(execute.destroyForcibly()).isTrue();

        JsonNode ended = fixture.awaitEnd(task);
        assertThat(ended.get("status").asString()).isEqualTo("failed");
        assertThat(ended.get("status_reason").asString()).contains("lost");
        assertThat(fixture.server().console(task)).contains("begun");
    }

    @Test
    void anEngineThatIsAwayForTwentySecondsLosesNoLine() throws Exception {
        daemon("patient");
        String task = enqueue(
                "patient", "outlives its engine", "for i in $(seq 1 240); do echo \"line $i\"; sleep 0.1; done\n", "");
        fixture.awaitLine(task, "line 3");

        engine.whileStopped(() -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20)));

        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        assertThat(fixture.server().console(task).stream().filter(line -> line.startsWith("line ")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 240)
                        .mapToObj(line -> "line " + line)
                        .toList());
        DaemonFixture.eventually(() -> engine.docker("ps", "--all", "--quiet").isBlank());
    }

    @Test
    void executeRunsATaskInAContainer() {
        String task = fixture.create("by hand", "echo inside of $(cat /proc/1/comm)\n");

        Shell.Finished ended = home.run("execute", "--id", task, "--docker", DockerEngine.IMAGE);

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(fixture.server().console(task)).contains("inside of docker-init");
        assertThat(fixture.status(task)).isEqualTo("completed");
    }

    /** The newer distribution is the running one under a launcher that says another version. */
    @Test
    void aContainerGetsTheNewestCompatibleDistributionUnlessTheRunningOneIsForced() throws Exception {
        Path launcher = Path.of(home.command().getFirst()).toRealPath();
        String name = "clearml-agent-0.1.9-"
                + (System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64");
        Path other = Files.createDirectories(folder.resolve("newer/" + name + "/bin"))
                .resolve("clearml-agent");
        Files.writeString(other, """
                #!/bin/sh
                if [ "$1" = --version ]; then echo clearml-agent 0.1.9; exit; fi
                if [ "$CLEARML_AGENT_AOT" = make ]; then exit; fi
                DISTRIBUTION=newer exec '%s' "$@"
                """.formatted(launcher));
        assertThat(other.toFile().setExecutable(true)).isTrue();
        Path place = Files.createDirectories(folder.resolve("distributions"));
        Shell shell = home.shell();
        String archive = place.resolve(name + ".tar.gz").toString();
        assertThat(shell.run(
                                "tar",
                                "-czf",
                                archive,
                                "-C",
                                folder.resolve("newer").toString(),
                                name)
                        .status())
                .isZero();
        Files.writeString(
                place.resolve(name + ".tar.gz.sha256"),
                shell.run("sha256sum", archive).out());
        AgentHome configured = home.with("CLEARML_AGENT__AGENT__DOCKER_AGENT_DISTRIBUTION", place.toString());
        String newer = fixture.create("with another agent", "echo distribution ${DISTRIBUTION:-running}\n");
        String forced = fixture.create("with this agent", "echo distribution ${DISTRIBUTION:-running}\n");

        Shell.Finished first = configured.run("execute", "--id", newer, "--docker", DockerEngine.IMAGE);
        Shell.Finished second =
                configured.run("execute", "--id", forced, "--docker", DockerEngine.IMAGE, "--force-current-version");

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out() + first.err()).contains("installing version 0.1.9 of the agent for containers");
        assertThat(fixture.server().console(newer)).contains("distribution newer");
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(fixture.server().console(forced)).contains("distribution running");
    }

    @Test
    void packagesOfTheImageServeItsTasksAndSoDoesAnEnvironmentThatItActivates() throws Exception {
        daemon("packages");
        String script = "import sys, wheel\nprint('in', sys.prefix.split('/')[1], wheel.__file__)\n";
        String seen = enqueuePython("packages", "sees", script, Map.of("image", DockerEngine.IMAGE, "arguments", ""));
        String activated = enqueuePython(
                "packages",
                "activated",
                "import sys\nprint('prefix', sys.prefix)\n",
                Map.of(
                        "image", DockerEngine.IMAGE,
                        "arguments", "-e VIRTUAL_ENV=/srv/own",
                        "setup_shell_script", "python3 -m venv --system-site-packages --without-pip /srv/own"));

        fixture.awaitEnd(seen);
        fixture.awaitEnd(activated);

        assertThat(fixture.server().console(seen))
                .anyMatch(line -> line.endsWith("/usr/lib/python3/dist-packages/wheel/__init__.py"));
        assertThat(fixture.server().console(activated)).contains("prefix /srv/own");
    }

    @Test
    void anImageWithATaskIsBuiltAndRunsACopyOfIt() throws Exception {
        String task = createPython("to be built", "import six\nprint('six', six.__version__)\n", Map.of());
        String image = "clearml-test/runs-itself:1";

        Shell.Finished built = home.run(
                "build",
                "--id=" + task,
                "--docker",
                DockerEngine.IMAGE,
                "--target=" + image,
                "--entry-point=clone_task");

        assertThat(built.status()).as(built.out() + built.err()).isZero();
        assertThat(built.out()).contains("image: " + image);
        assertThat(fixture.status(task)).isEqualTo("created");
        JsonNode pair = fixture.credentials();
        String accessKey = pair.get("access_key").asString();
        String secretKey = pair.get("secret_key").asString();
        assertThat(engine.docker("inspect", image)).doesNotContain(accessKey, secretKey, "ml.clear.agent.attempt");
        engine.docker(
                "run",
                "--rm",
                "--network=host",
                "--env=CLEARML_API_HOST=" + fixture.server().api(),
                "--env=CLEARML_API_ACCESS_KEY=" + accessKey,
                "--env=CLEARML_API_SECRET_KEY=" + secretKey,
                image);
        JsonNode copy = fixture.server()
                .call("tasks.get_all", Map.of("name", "Clone of to be built"))
                .get("tasks")
                .get(0);
        assertThat(copy.get("status").asString()).isEqualTo("completed");
        assertThat(fixture.server().console(copy.get("id").asString())).contains("six 1.17.0");
        assertThat(engine.docker("ps", "--all", "--quiet")).isBlank();
    }

    @Test
    void anImageThatWasBuiltServesTheTaskAsItsContainer() throws Exception {
        String script = "import sys, six\nprint('six', six.__version__, sys.prefix)\n";
        String task = createPython("to be served", script, Map.of());
        String image = "clearml-test/serves";
        Shell.Finished built = home.run("build", "--id=" + task, "--docker", DockerEngine.IMAGE, "--target=" + image);
        assertThat(built.status()).as(built.out() + built.err()).isZero();
        daemon("served");

        String served = enqueuePython("served", "served", script, Map.of("image", image, "arguments", ""));

        fixture.awaitEnd(served);
        assertThat(fixture.server().console(served)).contains("six 1.17.0 /opt/clearml/task");
    }

    @Test
    void runTakesTheCodeOfAFolderIntoItsContainer() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("model.py"), "NAME = 'a model beside the script'\n");
        Path script = project.resolve("train.py");
        Files.writeString(script, "import os, model\nprint(model.NAME, 'in', os.environ['CLEARML_DOCKER_IMAGE'])\n");

        Shell.Finished finished = home.run("run", script.toString(), "--docker", DockerEngine.IMAGE);

        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        assertThat(finished.out()).contains("a model beside the script in " + DockerEngine.IMAGE);
    }

    @Test
    void aMissingEngineIsReportedWhenTheDaemonStarts() {
        Shell.Finished ended = fixture.home()
                .with("DOCKER_HOST", "unix:///no/such/engine.sock")
                .run("daemon", "--foreground", "--create-queue", "--queue", "none", "--docker");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("no engine listens at 'unix:///no/such/engine.sock'", "DOCKER_HOST");
    }

    private static Shell.Started daemon(String queue) {
        return fixture.daemon(home, queue, "--docker", DockerEngine.IMAGE);
    }

    private static String enqueue(String queue, String name, String script, String arguments) {
        return enqueue(queue, name, script, Map.of("image", DockerEngine.IMAGE, "arguments", arguments));
    }

    private static String enqueuePython(String queue, String name, String script, Map<String, String> container) {
        String task = createPython(name, script, container);
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", queue));
        return task;
    }

    private static String createPython(String name, String script, Map<String, String> container) {
        Map<String, Object> parts = Map.of(
                "binary", "python3",
                "entry_point", "task.py",
                "working_dir", ".",
                "diff", script,
                "requirements", Map.of("pip", script.contains("six") ? "six==1.17.0" : ""));
        return fixture.server()
                .call("tasks.create", Map.of("name", name, "type", "testing", "script", parts, "container", container))
                .get("id")
                .asString();
    }

    private static String enqueue(String queue, String name, String script, Map<String, String> container) {
        Map<String, String> parts =
                Map.of("binary", "/bin/bash", "entry_point", "task.sh", "working_dir", ".", "diff", script);
        String task = fixture.server()
                .call("tasks.create", Map.of("name", name, "type", "testing", "script", parts, "container", container))
                .get("id")
                .asString();
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", queue));
        return task;
    }
}
