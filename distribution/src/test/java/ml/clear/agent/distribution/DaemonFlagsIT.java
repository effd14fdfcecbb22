// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the options of a daemon do to its tasks. */
@Tag("thorough")
@Timeout(180)
class DaemonFlagsIT {

    private static final String EVERY_HOUR = "0-24 SUN-SAT";

    @TempDir
    private static Path folder;

    private static DaemonFixture fixture;

    @BeforeAll
    static void startServer() {
        fixture = DaemonFixture.in(folder);
    }

    @AfterAll
    static void stopServer() {
        fixture.close();
    }

    @AfterEach
    void stopDaemons() throws Exception {
        fixture.stopDaemons();
    }

    @Test
    void gpusAreSharedOutToTasksThatRunAtOnceEachAWorkerOfItsOwn() throws Exception {
        Path enough = folder.resolve("enough");
        String script = "echo \"gpus $CUDA_VISIBLE_DEVICES $NVIDIA_VISIBLE_DEVICES $CLEARML_WORKER_ID\"\n"
                + "while [ ! -e " + enough + " ]; do sleep 0.1; done\n";
        fixture.started(
                fixture.home().shell(),
                fixture.home()
                        .command(
                                "daemon",
                                "--foreground",
                                "--create-queue",
                                "--dynamic-gpus",
                                "--gpus",
                                "0-2",
                                "--queue",
                                "pairs=2",
                                "ones=1-4"));
        eventually(() -> fixture.home().run("list").out().contains("box:dgpu0-2"));
        String pair = fixture.enqueue("pairs", "gets two", script);
        fixture.awaitLine(pair, "gpus 0,1 0,1 box:gpu0,1");
        String waits = fixture.enqueue("pairs", "needs two", script);
        String single = fixture.enqueue("ones", "gets what is left", script);

        eventually(() -> fixture.home().run("list").out().contains("box:gpu0,1"));
        assertThat(fixture.status(waits)).isEqualTo("queued"); // one is left, and the turn is kept
        assertThat(fixture.status(single)).isEqualTo("queued");
        Files.createFile(enough);

        for (String task : List.of(pair, waits, single)) {
            assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        }
        assertThat(fixture.server().console(waits)).contains("gpus 0,1 0,1 box:gpu0,1");
    }

    @Test
    void aDaemonWithATaskSurvivesEveryEditOfItsFileAndCanBeStopped() throws Exception {
        Path file = Files.writeString(
                folder.resolve("edited.conf"), "agent { enable_task_env: false, force_git_ssh_user: a }");
        AgentHome home = fixture.home().with("CLEARML_CONFIG_FILE", file.toString());
        Path enough = folder.resolve("edited enough");
        String running = fixture.enqueue("edited", "runs", "while [ ! -e '" + enough + "' ]; do sleep 0.1; done\n");
        Shell.Started daemon = fixture.daemon(home, "edited");
        eventually(() -> fixture.status(running).equals("in_progress"));

        List<String> edits =
                List.of("agent {", "agent.enable_task_env: maybe", "include \"edited.conf\"", "\u0000\u0001[[", "");
        for (String edit : edits) {
            int before = reports(daemon);
            Files.writeString(file, edit);
            eventually(() -> reports(daemon) > before);
        }
        assertThat(daemon.outSoFar()).contains("keeping the last valid configuration");
        Files.writeString(file, "agent { broken for good");
        eventually(() -> reports(daemon) > edits.size());
        String next = fixture.enqueue("edited", "runs with what is in force", "echo it ran\n");
        Files.createFile(enough);

        assertThat(fixture.awaitEnd(running).get("status").asString()).isEqualTo("completed");
        assertThat(fixture.awaitEnd(next).get("status").asString()).isEqualTo("completed");
        assertThat(fixture.server().console(next)).contains("it ran").noneMatch(line -> line.contains("broken"));
        assertThat(reports(daemon)).as("each edit is reported once").isEqualTo(edits.size() + 1);
        assertThat(home.run("daemon", "--status").out()).contains("edited");
        assertThat(home.run("daemon", "--stop").status()).isZero();
        daemon.finish();
    }

    private static int reports(Shell.Started daemon) {
        return (int) daemon.outSoFar()
                .lines()
                .filter(line -> line.contains("keeping the last valid configuration")
                        || line.contains("the configuration has changed"))
                .count();
    }

    @Test
    void allGpusMeansThatATaskInheritsNoSelection() throws Exception {
        fixture.daemon(
                fixture.home().with("CUDA_VISIBLE_DEVICES", "7").with("CLEARML_WORKER_ID", "all-of-them"),
                "all",
                "--gpus",
                "all",
                "--log-level",
                "debug",
                "--git-user",
                "me",
                "--git-pass",
                "secret words");
        String task = fixture.enqueue(
                "all",
                "looks around",
                "echo \"cuda ${CUDA_VISIBLE_DEVICES-unset} nvidia $NVIDIA_VISIBLE_DEVICES level $CLEARML_LOG_LEVEL user $CLEARML_AGENT_GIT_USER\"\n");

        fixture.awaitEnd(task);

        assertThat(fixture.server().console(task)).contains("cuda unset nvidia all level DEBUG user me");
    }

    @Test
    void inStandaloneModeNothingIsInstalledAndTheInterpreterIsToldToOptimize() throws Exception {
        fixture.daemon(fixture.home(), "alone", "--standalone-mode", "-O");
        Map<String, Object> script = Map.of(
                "binary",
                "python3",
                "entry_point",
                "look.py",
                "working_dir",
                ".",
                "diff",
                "print('debugging', __debug__)\n",
                "requirements",
                Map.of("pip", "no-such-package-anywhere==1.0"));
        String task = fixture.server()
                .call("tasks.create", Map.of("name", "stands alone", "type", "testing", "script", script))
                .get("id")
                .asString();
        fixture.server().call("tasks.enqueue", Map.of("task", task, "queue_name", "alone"));

        assertThat(fixture.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        assertThat(fixture.server().console(task)).contains("debugging False");
    }

    @Test
    void outsideItsTimesADaemonTakesTasksOnlyFromQueuesThatForceIt() throws Exception {
        Shell.Started daemon = fixture.daemon(fixture.home(), "idle", "forced", "--downtime", EVERY_HOUR);
        daemon.await(out -> out.contains("taking no tasks now"));
        String idle = fixture.enqueue("idle", "waits", "echo never\n");
        fixture.stopDaemons();
        String queue = fixture.server()
                .call("queues.get_all", Map.of("name", "^forced$"))
                .get("queues")
                .get(0)
                .get("id")
                .asString();
        fixture.server().call("queues.update", Map.of("queue", queue, "tags", List.of("force_workers:on")));
        fixture.daemon(fixture.home(), "idle", "forced", "--downtime", EVERY_HOUR);
        String forced = fixture.enqueue("forced", "runs", "echo done\n");

        assertThat(fixture.awaitEnd(forced).get("status").asString()).isEqualTo("completed");
        assertThat(fixture.status(idle)).isEqualTo("queued");
    }
}
