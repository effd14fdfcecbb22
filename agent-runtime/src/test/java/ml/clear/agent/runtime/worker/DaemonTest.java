// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static ml.clear.agent.runtime.worker.QueuePollerTest.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.execution.Assignment;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.LaunchRecord;
import ml.clear.agent.runtime.execution.PendingDequeues;
import ml.clear.agent.runtime.launch.Inheritance;
import ml.clear.agent.runtime.launch.Launcher;
import ml.clear.agent.runtime.process.StateFile;
import ml.clear.agent.runtime.server.MachineLoad;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A daemon with a fake server and a fake executor: the execute processes are played by the test. */
@Timeout(60)
class DaemonTest {

    private static final ProcessIdentity DEAD = new ProcessIdentity("an earlier boot", 1, 1);
    private static final Duration ABORT_LIMIT = Duration.ofMillis(200);
    private static final ProcessIdentity SELF = ProcessIdentity.current();

    @TempDir
    private Path state;

    private final FakeServer server = new FakeServer();
    private final FakeExecutor executor = new FakeExecutor();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final DaemonStop stop = new DaemonStop();
    private Thread thread = new Thread(() -> {});
    private Path executions = Path.of("");
    private Inheritance inheritance = Inheritance.NONE;

    @BeforeEach
    void nameFolder() {
        executions = state.resolve("executions");
    }

    @AfterEach
    void stopIt() throws Exception {
        drain();
    }

    @Test
    void tasksRunOneAfterTheOtherAndTheNextIsTakenAtOnce() throws Exception {
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofHours(1)));

        eventually(() -> executor.runs(task(1)));
        assertThat(server.in("a")).containsExactly(task(2));
        assertThat(executor.requests.getFirst().command())
                .containsExactly("agent", "execute", "--id", task(1).value(), "--require-queue");
        assertThat(executor.requests.getFirst().environment())
                .containsEntry("CLEARML_WORKER_ID", "host:0")
                .containsEntry("TRAINS_WORKER_ID", "host:0")
                .containsEntry("GPU", "1");

        ends(task(1));

        eventually(() -> executor.runs(task(2)));
    }

    @Test
    void reportsTellTheTaskWhileItRunsAndTheQueuesAlways() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> server.reports.stream()
                .anyMatch(report ->
                        report.task().equals(task(1).value()) && report.queue().equals("a")));
        eventually(() -> executor.runs(task(1)));
        ends(task(1));
        eventually(() -> server.reports.getLast().task().isEmpty());
        drain();

        assertThat(server.reports).allMatch(report -> report.queues().equals(List.of("a", "b")));
        assertThat(server.calls).startsWith("register host:0 [a, b]");
        assertThat(server.count("unregister host:0 [a, b]")).isEqualTo(1);
    }

    @Test
    void aRefusedLaunchPutsTheTaskToTheBackOfItsQueue() throws Exception {
        executor.refuse(true);
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.requests.size() >= 2);
        executor.refuse(false);

        eventually(() -> executor.runs(task(1)) || executor.runs(task(2)));
        assertThat(executor.requests.get(0).task().id()).isEqualTo(task(1));
        assertThat(executor.requests.get(1).task().id()).isEqualTo(task(2));
        assertThat(server.calls).contains("put back a BACK");
        assertThat(said).anyMatch(line -> line.contains("no room in the inn"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"NOT_FOUND", "TASK_INVALID", "CONFLICT"})
    void whatIsWrongWithTheTaskItselfEndsItWithTheReason(ErrorCode code) throws Exception {
        executor.refuseWith(code);
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> server.calls.contains("failed could not be launched: no room in the inn"));
        executor.refuse(false);
        server.enqueue("a", task(2));

        eventually(() -> executor.runs(task(2)));
        assertThat(server.calls).noneMatch(call -> call.startsWith("put back"));
        assertThat(executions.resolve(task(1).value())).doesNotExist();
    }

    @Test
    void anExecuteProcessThatEndsBeforeItTakesTheTaskGivesItBack() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofHours(1)));
        eventually(() -> executor.runs(task(1)));

        executor.end(task(1)); // its status is queued still

        eventually(() -> server.calls.contains("put back a BACK"));
    }

    @Test
    void anExecuteProcessThatDiesIsFollowedByAnother() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofHours(1)));
        eventually(() -> executor.runs(task(1)));
        ExecutionFolder.create(executions, task(1)).close();

        executor.end(task(1));

        eventually(() -> executor.requests.size() == 2);
        assertThat(executor.requests.get(1).command())
                .containsExactly("agent", "execute", "--id", task(1).value(), "--resume");
        eventually(() -> isRecorded(task(1)));
        ExecutionFolder.open(executions.resolve(task(1).value())).remove();
        executor.end(task(1));
        eventually(() -> Files.notExists(executions.resolve(task(1).value())));
        assertThat(executor.requests).hasSize(2);
    }

    @Test
    void aTaskThatRunsIsNotGivenUpWhenNoExecuteProcessCanBeStarted() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofHours(1)));
        eventually(() -> executor.runs(task(1)));
        ExecutionFolder.create(executions, task(1)).close();
        StateFile.write(
                executions.resolve(task(1).value()).resolve("keeper.properties"),
                Map.of(
                        "pid", Long.toString(SELF.pid()),
                        "boot", SELF.bootId(),
                        "ticks", Long.toString(SELF.startTicks())));
        executor.refuse(true);

        executor.end(task(1));
        eventually(() -> executor.requests.size() >= 3);
        executor.refuse(false);

        eventually(() -> executor.runs(task(1)));
        assertThat(said).anyMatch(line -> line.contains("no execute process could be started"));
    }

    @Test
    void anExecuteProcessThatKeepsDyingBeforeItStartsTheScriptIsNotStartedForEver() throws Exception {
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));
        ExecutionFolder.create(executions, task(1)).close();
        server.set(task(1), TaskStatus.IN_PROGRESS);

        for (int death = 1; death <= 3; death++) {
            eventually(() -> executor.runs(task(1)));
            executor.end(task(1));
        }

        eventually(() -> executor.runs(task(2)));
        assertThat(server.calls)
                .contains("failed worker execution could not be set up: the execute process died 3 times before it had"
                        + " started the script");
        assertThat(executor.requests).hasSize(4);
        assertThat(executions.resolve(task(1).value())).doesNotExist();
        assertThat(setAside()).containsExactly(task(1).value());
    }

    @Test
    void whatDiesWhileTheServerIsAwayMayHaveDiedOfThat() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofHours(1)));
        eventually(() -> executor.runs(task(1)));
        ExecutionFolder.create(executions, task(1)).close();
        server.set(task(1), TaskStatus.IN_PROGRESS);
        server.away(true);

        for (int death = 1; death <= 6; death++) {
            eventually(() -> executor.runs(task(1)));
            executor.end(task(1));
        }
        server.away(false);

        eventually(() -> executor.runs(task(1)));
        assertThat(server.calls).noneMatch(call -> call.startsWith("failed"));
    }

    @Test
    void aDamagedExecutionFolderIsSetAsideAndItsTaskFails() throws Exception {
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));
        ExecutionFolder.create(executions, task(1)).close();
        server.set(task(1), TaskStatus.IN_PROGRESS);
        Files.writeString(executions.resolve(task(1).value()).resolve("execution.properties"), "");

        executor.end(task(1));

        eventually(() -> executor.runs(task(2)));
        assertThat(server.calls)
                .anyMatch(call -> call.startsWith("failed worker execution lost: its execution folder is damaged"));
        assertThat(said).anyMatch(line -> line.contains("is given up") && line.contains("set-aside"));
        assertThat(setAside()).containsExactly(task(1).value());
    }

    @Test
    void aDamagedFolderOfAnEarlierRunDoesNotDisturbTheNext() throws Exception {
        ExecutionFolder.create(executions, task(1)).close();
        Files.writeString(executions.resolve(task(1).value()).resolve("process.properties"), "pid=many");
        Files.writeString(executions.resolve(task(1).value()).resolve("launched.properties"), "daemon=nobody");
        server.enqueue("a", task(1));

        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(1)));
        assertThat(server.calls).noneMatch(call -> call.startsWith("failed"));
        assertThat(setAside()).containsExactly(task(1).value());
    }

    private List<String> setAside() throws Exception {
        try (var folders = Files.list(executions.resolve("set-aside"))) {
            return folders.map(folder -> folder.getFileName().toString().replaceFirst("-\\d+$", ""))
                    .toList();
        }
    }

    @Test
    void whatADeadDaemonHasLeftIsTakenUpAndTakesThePlaceOfANewTask() throws Exception {
        LaunchRecord.of(task(1), "a", Assignment.of("host:0"), DEAD, "", "fake").write(executions);
        ExecutionFolder.create(executions, task(1)).close();
        server.enqueue("a", task(2));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.requests.size() == 1);
        assertThat(executor.requests.getFirst().command()).endsWith("--resume");
        assertThat(server.in("a")).containsExactly(task(2));

        eventually(() -> isRecorded(task(1)));
        ExecutionFolder.open(executions.resolve(task(1).value())).remove();
        executor.end(task(1));
        eventually(() -> executor.runs(task(2)));
    }

    @Test
    void whatALivingDaemonAnswersForIsLeftToIt() throws Exception {
        LaunchRecord.of(task(1), "a", Assignment.of("host:1"), SELF, "", "fake").write(executions);
        ExecutionFolder.create(executions, task(1)).close();
        server.enqueue("a", task(2));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(2)));
        assertThat(executor.requests).hasSize(1);
    }

    @Test
    void anExecutionOfAnotherWorkerIsTakenUpBesideOnesOwn() throws Exception {
        LaunchRecord.of(task(1), "a", Assignment.of("host:gpu1"), DEAD, "", "fake")
                .write(executions);
        ExecutionFolder.create(executions, task(1)).close();
        server.enqueue("a", task(2));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(1)) && executor.runs(task(2)));
        assertThat(executor.requests)
                .anyMatch(request -> "host:gpu1".equals(request.environment().get("CLEARML_WORKER_ID")));
    }

    @Test
    void aDrainLeavesWhatRuns() throws Exception {
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1))
                && LaunchRecord.read(executions.resolve(task(1).value()))
                        .filter(record -> !record.handle().isEmpty())
                        .isPresent());
        ExecutionFolder.create(executions, task(1)).close();

        drain();

        assertThat(executor.runs(task(1))).isTrue();
        assertThat(server.in("a")).containsExactly(task(2));
        assertThat(said).anyMatch(line -> line.contains("keeps running"));
        assertThat(LaunchRecord.read(executions.resolve(task(1).value()))).isPresent();
    }

    @Test
    void servicesModeRunsSeveralEachUnderAnIdOfItsOwn() throws Exception {
        server.enqueue("a", task(1), task(2), task(3));
        start(plan(2, true, Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(1)) && executor.runs(task(2)));
        assertThat(server.in("a")).containsExactly(task(3));
        eventually(() -> server.reports.stream()
                .anyMatch(report -> report.worker().equals("host:0:service:" + task(2))
                        && report.task().equals(task(2).value())));
        assertThat(executor.requests)
                .allMatch(request -> ("host:0:service:" + request.task().id())
                        .equals(request.environment().get("CLEARML_WORKER_ID")));
    }

    @Test
    void aServerThatIsAwayIsAskedEverLessAndServedWhenItIsBack() throws Exception {
        server.away(true);
        start(plan(1, false, Duration.ofMillis(20)));
        eventually(() -> server.count("first a") >= 3);
        assertThat(said).filteredOn(line -> line.contains("cannot be polled")).hasSize(1);

        server.away(false);
        server.enqueue("b", task(1));

        eventually(() -> executor.runs(task(1)));
        assertThat(said).filteredOn(line -> line.contains("answers again")).hasSize(1);
    }

    @Test
    void aStopThatWaitsTakesNothingNewAndEndsWithTheLastTask() throws Exception {
        stop.usually(StopMode.WAIT);
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));

        stop.request();
        eventually(() -> said.stream().anyMatch(line -> line.contains("waiting for these to end")));
        assertThat(thread.isAlive()).isTrue();
        ends(task(1));
        thread.join();

        assertThat(server.in("a")).containsExactly(task(2));
        assertThat(said).noneMatch(line -> line.contains("keeps running"));
    }

    @Test
    void askedTwiceADaemonThatWaitsLeaves() throws Exception {
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));

        stop.requestAtTerminal();
        eventually(() -> said.stream().anyMatch(line -> line.contains("waiting for these to end")));
        stop.requestAtTerminal();
        thread.join();

        assertThat(executor.runs(task(1))).isTrue();
        assertThat(said).anyMatch(line -> line.contains("task '" + task(1) + "' keeps running"));
    }

    @Test
    void whatDoesNotEndAfterAStopIsKilled() throws Exception {
        executor.ignoresStops = true;
        stop.usually(StopMode.ABORT);
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));
        server.set(task(1), TaskStatus.STOPPED);

        drain();

        assertThat(executor.stopped).containsExactly(task(1).value());
        assertThat(executor.killed).containsExactly(task(1).value());
        assertThat(said).anyMatch(line -> line.contains("killing it"));
    }

    @Test
    void anExecutorElsewhereGetsWhatItsExecutionsDoNotInheritAndTheFactsOfTheTask() throws Exception {
        executor.capabilities = Set.of();
        inheritance = new Inheritance(
                Map.of("CLEARML_API_HOST", "http://server", "OVERRIDDEN", "no"),
                Map.of("CLEARML_API_SECRET_KEY", Secret.of("hidden")),
                List.of(new SharedPath(state, SharedPath.Access.READ)));
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofHours(1)));
        eventually(() -> executor.runs(task(1)));

        ExecutionRequest request = executor.requests.getFirst();
        assertThat(request.task().project()).isEqualTo("project of p1");
        assertThat(request.task().tags()).containsExactly("tag");
        assertThat(request.queue()).isEqualTo("first");
        assertThat(request.resources()).isEqualTo(new Resources("", 2, 1_000));
        assertThat(request.labels()).containsEntry("clearml-worker-id", "host:0");
        assertThat(request.environment())
                .containsEntry("CLEARML_API_HOST", "http://server")
                .containsEntry("CLEARML_WORKER_ID", "host:0")
                .doesNotContainKeys("CLEARML_API_SECRET_KEY", "GIT_PASS");
        assertThat(request.secrets()).containsOnlyKeys("CLEARML_API_SECRET_KEY", "GIT_PASS");
        assertThat(request.paths())
                .containsExactly(
                        new SharedPath(executions.resolve(task(1).value()), SharedPath.Access.WRITE),
                        new SharedPath(state, SharedPath.Access.READ));
    }

    @Test
    void aStopThatAbortsStopsWhatRunsAndWaitsForItsEnd() throws Exception {
        stop.usually(StopMode.ABORT);
        server.enqueue("a", task(1), task(2));
        start(plan(1, false, Duration.ofMillis(5)));
        eventually(() -> executor.runs(task(1)));
        server.set(task(1), TaskStatus.STOPPED); // what its execute process will have said

        stop.request();
        thread.join();

        assertThat(executor.stopped).containsExactly(task(1).value());
        assertThat(server.in("a")).containsExactly(task(2));
    }

    @Test
    void aTaskWhoseTakeIsInDoubtGoesBackToItsQueueAndRuns() throws Exception {
        server.silent(true);
        server.enqueue("a", task(1));
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> server.calls.contains("put back a FRONT"));
        server.silent(false);

        eventually(() -> executor.runs(task(1)));
    }

    @Test
    void aTakeThatADeadDaemonHasLeftGoesBackToItsQueueAndRuns() throws Exception {
        new PendingDequeues(state.resolve("takes"), DEAD).begin(task(1), "a");
        server.set(task(1), TaskStatus.QUEUED);
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(1)));
        assertThat(server.calls).contains("put back a FRONT");
    }

    @Test
    void aTakeThatADeadDaemonHasLeftIsForgottenWhenTheTaskWentFurther() throws Exception {
        new PendingDequeues(state.resolve("takes"), DEAD).begin(task(1), "a");
        server.set(task(1), TaskStatus.COMPLETED);
        start(plan(1, false, Duration.ofMillis(5)));

        eventually(() -> server.calls.contains("state"));
        eventually(() -> {
            try (var files = Files.list(state.resolve("takes"))) {
                return files.findAny().isEmpty();
            }
        });
        assertThat(server.in("a")).isEmpty();
    }

    @Test
    void gpusAreSharedOutAndATaskThatNeedsMoreWaitsForThem() throws Exception {
        server.enqueue("a", task(1), task(2));
        server.enqueue("b", task(3));
        start(plan(
                new GpuCapacity(
                        "host:dgpu0-2",
                        List.of("0", "1", "2"),
                        Map.of("a", new GpuShare(2, 2), "b", new GpuShare(1, 4))),
                Duration.ofMillis(5)));

        eventually(() -> executor.runs(task(1)));
        assertThat(executor.requests.getFirst().environment())
                .containsEntry("NVIDIA_VISIBLE_DEVICES", "0,1")
                .containsEntry("CUDA_VISIBLE_DEVICES", "0,1")
                .containsEntry("CLEARML_WORKER_ID", "host:gpu0,1");
        eventually(() -> server.count("first a") >= 4);
        assertThat(server.in("a")).containsExactly(task(2)); // its turn, and one GPU is not enough
        assertThat(server.in("b")).containsExactly(task(3));

        ends(task(1));

        eventually(() -> executor.runs(task(2)) && executor.runs(task(3)));
        assertThat(executor.requests)
                .extracting(request -> request.environment().get("CUDA_VISIBLE_DEVICES"))
                .containsExactlyInAnyOrder("0,1", "0,1", "2");
    }

    @Test
    void outsideItsTimesOnlyAQueueThatForcesItIsServed() throws Exception {
        server.enqueue("a", task(1));
        server.enqueue("b", task(2));
        server.tag("b", "force_workers:on");
        DaemonPlan plan = plan(1, false, Duration.ofMillis(5));
        start(new DaemonPlan(
                plan.worker(),
                plan.process(),
                plan.queues(),
                plan.queueNames(),
                plan.order(),
                plan.capacity(),
                plan.stopMode(),
                () -> new DaemonSchedule(
                        Timetable.outside(List.of("0-24 SUN-SAT")),
                        plan.tags(),
                        plan.pollPeriod(),
                        plan.reportPeriod())));

        eventually(() -> executor.runs(task(2)));
        assertThat(server.in("a")).containsExactly(task(1));
        assertThat(said).filteredOn(line -> line.contains("timetable")).hasSize(1);
    }

    private void ends(TaskId task) {
        server.set(task, TaskStatus.COMPLETED);
        executor.end(task);
    }

    private static DaemonPlan plan(int places, boolean services, Duration poll) {
        return plan(services ? Capacity.services("host:0", places) : Capacity.single("host:0"), poll);
    }

    private static DaemonPlan plan(Capacity capacity, Duration poll) {
        return new DaemonPlan(
                "host:0",
                SELF,
                List.of("a", "b"),
                Map.of("a", "first", "b", "second"),
                QueueOrder.PRIORITY,
                capacity,
                StopMode.LEAVE,
                () -> new DaemonSchedule(Timetable.always(), List.of(), poll, Duration.ofMillis(50)));
    }

    private void start(DaemonPlan plan) {
        Launcher launcher = new Launcher("fake", executor, executions, List.of("agent"), List.of(), _ -> inheritance);
        DaemonContext context = new DaemonContext(
                server,
                launcher,
                _ -> launcher,
                new Resources("", 2, 1_000),
                Map.of("a", "first", "b", "second"),
                ABORT_LIMIT,
                executions,
                new PendingDequeues(state.resolve("takes"), SELF),
                Map.of("GPU", "1", "GIT_PASS", "word"),
                Set.of(),
                said::add,
                Duration.ofMillis(10));
        Daemon daemon = new Daemon(
                context,
                plan,
                new LocalWorkers(state.resolve("workers"), SlotFiles.in(state, _ -> false)),
                () -> new MachineLoad(1, 2, 3, 4, 5, 6, 7, 8),
                InstantSource.system());
        thread = Thread.ofPlatform().name("daemon under test").start(() -> {
            try {
                daemon.run(stop);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** From then on the daemon writes nothing into the folder until the execute process ends. */
    private boolean isRecorded(TaskId task) {
        return LaunchRecord.read(executions.resolve(task.value()))
                .filter(record -> !record.handle().isEmpty())
                .isPresent();
    }

    private void drain() throws InterruptedException {
        stop.request();
        thread.join();
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
