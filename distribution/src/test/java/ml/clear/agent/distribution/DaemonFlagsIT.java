// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static ml.clear.agent.distribution.DaemonHouse.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the options of a daemon do to its tasks. */
@Timeout(180)
class DaemonFlagsIT {

    private static final String EVERY_HOUR = "0-24 SUN-SAT";

    @TempDir
    private static Path folder;

    private static DaemonHouse house;

    @BeforeAll
    static void startServer() {
        house = DaemonHouse.in(folder);
    }

    @AfterAll
    static void stopServer() {
        house.close();
    }

    @AfterEach
    void stopDaemons() throws Exception {
        house.stopDaemons();
    }

    @Test
    void gpusAreSharedOutToTasksThatRunAtOnceEachAWorkerOfItsOwn() throws Exception {
        Path enough = folder.resolve("enough");
        String script = "echo \"gpus $CUDA_VISIBLE_DEVICES $NVIDIA_VISIBLE_DEVICES $CLEARML_WORKER_ID\"\n"
                + "while [ ! -e " + enough + " ]; do sleep 0.1; done\n";
        house.started(
                house.home().shell(),
                house.home()
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
        eventually(() -> house.home().run("list").out().contains("box:dgpu0-2"));
        String pair = house.enqueue("pairs", "gets two", script);
        house.awaitLine(pair, "gpus 0,1 0,1 box:gpu0,1");
        String waits = house.enqueue("pairs", "needs two", script);
        String single = house.enqueue("ones", "gets what is left", script);

        eventually(() -> house.home().run("list").out().contains("box:gpu0,1"));
        assertThat(house.status(waits)).isEqualTo("queued"); // one is left, and the turn is kept
        assertThat(house.status(single)).isEqualTo("queued");
        Files.createFile(enough);

        for (String task : List.of(pair, waits, single)) {
            assertThat(house.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        }
        assertThat(house.server().console(waits)).contains("gpus 0,1 0,1 box:gpu0,1");
    }

    @Test
    void aDaemonWithATaskSurvivesEveryEditOfItsFileAndCanBeStopped() throws Exception {
        Path file = Files.writeString(
                folder.resolve("edited.conf"), "agent { enable_task_env: false, force_git_ssh_user: a }");
        Home home = house.home().with("CLEARML_CONFIG_FILE", file.toString());
        Path enough = folder.resolve("edited enough");
        String running = house.enqueue("edited", "runs", "while [ ! -e '" + enough + "' ]; do sleep 0.1; done\n");
        Shell.Started daemon = house.daemon(home, "edited");
        eventually(() -> house.status(running).equals("in_progress"));

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
        String next = house.enqueue("edited", "runs with what is in force", "echo it ran\n");
        Files.createFile(enough);

        assertThat(house.awaitEnd(running).get("status").asString()).isEqualTo("completed");
        assertThat(house.awaitEnd(next).get("status").asString()).isEqualTo("completed");
        assertThat(house.server().console(next)).contains("it ran").noneMatch(line -> line.contains("broken"));
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
        house.daemon(
                house.home().with("CUDA_VISIBLE_DEVICES", "7").with("CLEARML_WORKER_ID", "all-of-them"),
                "all",
                "--gpus",
                "all",
                "--log-level",
                "debug",
                "--git-user",
                "me",
                "--git-pass",
                "secret words");
        String task = house.enqueue(
                "all",
                "looks around",
                "echo \"cuda ${CUDA_VISIBLE_DEVICES-unset} nvidia $NVIDIA_VISIBLE_DEVICES level $CLEARML_LOG_LEVEL user $CLEARML_AGENT_GIT_USER\"\n");

        house.awaitEnd(task);

        assertThat(house.server().console(task)).contains("cuda unset nvidia all level DEBUG user me");
    }

    @Test
    void inStandaloneModeNothingIsInstalledAndTheInterpreterIsToldToOptimize() throws Exception {
        house.daemon(house.home(), "alone", "--standalone-mode", "-O");
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
        String task = house.server()
                .call("tasks.create", Map.of("name", "stands alone", "type", "testing", "script", script))
                .get("id")
                .asString();
        house.server().call("tasks.enqueue", Map.of("task", task, "queue_name", "alone"));

        assertThat(house.awaitEnd(task).get("status").asString()).isEqualTo("completed");
        assertThat(house.server().console(task)).contains("debugging False");
    }

    @Test
    void outsideItsTimesADaemonTakesTasksOnlyFromQueuesThatForceIt() throws Exception {
        Shell.Started daemon = house.daemon(house.home(), "idle", "forced", "--downtime", EVERY_HOUR);
        daemon.await(out -> out.contains("taking no tasks now"));
        String idle = house.enqueue("idle", "waits", "echo never\n");
        house.stopDaemons();
        String queue = house.server()
                .call("queues.get_all", Map.of("name", "^forced$"))
                .get("queues")
                .get(0)
                .get("id")
                .asString();
        house.server().call("queues.update", Map.of("queue", queue, "tags", List.of("force_workers:on")));
        house.daemon(house.home(), "idle", "forced", "--downtime", EVERY_HOUR);
        String forced = house.enqueue("forced", "runs", "echo done\n");

        assertThat(house.awaitEnd(forced).get("status").asString()).isEqualTo("completed");
        assertThat(house.status(idle)).isEqualTo("queued");
    }
}
