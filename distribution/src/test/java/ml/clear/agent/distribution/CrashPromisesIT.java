// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With the executor of this machine, whose tasks outlive their execute processes, too. */
class CrashPromisesIT extends CrashSuite {

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) {
        return TaskPlace.THIS_MACHINE;
    }

    @Override
    List<ProcessHandle> expendable(List<String> tasks) throws Exception {
        List<ProcessHandle> executes = new ArrayList<>();
        for (String task : tasks) {
            executes.add(fixture.executeOf(task));
        }
        return executes;
    }

    @Test
    void killOfExecuteLeavesTheTaskGoingAndAnotherFollowsIt() throws Exception {
        RandomInstants instants = new RandomInstants();
        fixture.daemon("executes");
        CountingTask task = fixture.countingTask("executes");
        task.awaitBegin();

        instants.each(_ -> GatedDaemonFixture.kill(fixture.executeOf(task.id())));
        instants.afterwards(_ -> {
            loseAnswers();
            GatedDaemonFixture.kill(fixture.executeOf(task.id()));
            fixture.gate().mend();
            task.end();
            task.assertUndisturbed();
            task.assertChangedOnce(fixture.gate());
        });
    }

    @Test
    void killOfBothAtOnceLeavesTheTaskGoing() throws Exception {
        RandomInstants instants = new RandomInstants();
        List<Shell.Started> daemons = new ArrayList<>(List.of(fixture.daemon("both")));
        CountingTask task = fixture.countingTask("both");
        task.awaitBegin();

        instants.each(_ -> {
            ProcessHandle execute = fixture.executeOf(task.id());
            GatedDaemonFixture.kill(daemons.getLast().process().toHandle());
            GatedDaemonFixture.kill(execute);
            daemons.add(fixture.daemon("both"));
        });
        instants.afterwards(_ -> {
            task.end();
            task.assertUndisturbed();
            task.assertChangedOnce(fixture.gate());
        });
    }

    @Test
    void upgradeWhileATaskRunsDisturbsNothing() throws Exception {
        Path installed = fixture.newFolder();
        Installation older = Installation.shared().copiedTo(installed.resolve("older"));
        Installation newer = Installation.shared().copiedTo(installed.resolve("newer"));
        Path link = Files.createSymbolicLink(installed.resolve("current"), older.home());
        AgentHome upgraded = fixture.worker().with(new Installation(link));
        Shell.Started first = fixture.daemon(upgraded, "upgraded");
        CountingTask task = fixture.countingTask("upgraded");
        task.awaitBegin();

        Files.createSymbolicLink(installed.resolve("next"), newer.home());
        Files.move(installed.resolve("next"), link, StandardCopyOption.ATOMIC_MOVE);
        first.process().destroy();
        assertThat(first.finish().out()).contains("task '" + task.id() + "' keeps running");
        Shell.Started second = fixture.daemon(upgraded, "upgraded");
        second.await(out -> out.contains("resumes task '" + task.id() + "'"));
        ProcessHandle execute = fixture.executeOf(task.id());
        assertThat(home(execute)).isEqualTo(older.home().toRealPath());
        GatedDaemonFixture.kill(execute);
        second.await(out -> out.contains("has died; starting another one to resume it"));
        Eventually.holds(
                "the newer one follows",
                () -> home(fixture.executeOf(task.id())).equals(newer.home().toRealPath()));
        assertThat(Shell.in(installed).run("rm", "-r", older.home().toString()).status())
                .isZero();

        task.end();
        task.assertUndisturbed();
        task.assertChangedOnce(fixture.gate());
    }

    /** The installation that a process of ours runs from. */
    private static Path home(ProcessHandle process) {
        try {
            Path java = Path.of("/proc/" + process.pid() + "/exe").toRealPath();
            return Optional.ofNullable(java.getParent())
                    .map(bin -> bin.resolve("../..").normalize())
                    .orElseThrow();
        } catch (IOException e) {
            return Path.of(""); // it has just ended
        }
    }
}
