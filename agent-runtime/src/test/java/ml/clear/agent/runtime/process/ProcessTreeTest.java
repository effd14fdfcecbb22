// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.process.ProcessIdentity;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {

    private static final int OTHERS = 60;

    @Test
    void aRunningTaskIsWatchedWithoutReadingTheOtherProcessesOfTheMachine() throws Exception {
        Process others = started("for i in $(seq " + OTHERS + "); do sleep 300 & done; echo started; wait");
        Process keeper = started("sleep 300 & echo started; wait");
        try {
            ProcessHandle child = keeper.children().findFirst().orElseThrow();
            ProcessTree tree = ProcessTree.of(identity(keeper.pid()), identity(child.pid()), "none");

            assertThat(reads(tree::watch)).as("each second").isPositive().isLessThan(OTHERS);
            assertThat(reads(() -> assertThat(tree.isOver()).isFalse()))
                    .as("while a stopped task has time to end")
                    .isLessThan(OTHERS);
            assertThat(reads(tree::members)).as("all processes").isGreaterThan(OTHERS);
        } finally {
            for (Process process : List.of(others, keeper)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static Process started(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        assertThat(process.inputReader().readLine()).isEqualTo("started");
        return process;
    }

    private static Optional<ProcessIdentity> identity(long pid) {
        return ProcStat.read(pid)
                .map(stat -> new ProcessIdentity(ProcessIdentity.current().bootId(), stat.pid(), stat.startTicks()));
    }

    /** How many times this thread asks the kernel for data meanwhile. */
    private static long reads(Runnable work) throws IOException {
        work.run(); // once before, so that no class is loaded while it counts
        long before = readsSoFar();
        work.run();
        return readsSoFar() - before;
    }

    private static long readsSoFar() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/io")).stream()
                .filter(line -> line.startsWith("syscr: "))
                .mapToLong(line -> Long.parseLong(line.substring("syscr: ".length())))
                .findFirst()
                .orElseThrow();
    }
}
