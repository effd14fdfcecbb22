// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of any size in a repository, and changes of them, cost the agent's processes no more memory. */
@Tag("thorough")
class LargeCodeIT {

    private static final int MEGABYTE = 1 << 20;
    private static final long MOST_MEBIBYTES = 150;

    @TempDir
    private Path folder;

    @Test
    void aCommittedCheckpointAndAModifiedFileOf80MegabytesReachTheTask() throws Exception {
        Path copy = workingCopy();
        edit(copy.resolve("data.bin"));
        String edited = digest(copy.resolve("data.bin"));

        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())) {
            Shell.Started run = home.start("run", copy.resolve("train.py").toString());
            Map<String, Long> peaks = new TreeMap<>();
            while (run.process().isAlive()) {
                measure(peaks, "run", run.process().toHandle());
                run.process()
                        .descendants()
                        .filter(LargeCodeIT::executes)
                        .forEach(process -> measure(peaks, "execute", process));
                TimeUnit.MILLISECONDS.sleep(50);
            }
            Shell.Finished finished = run.finish();

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out()).contains("data " + edited, "checkpoint " + 45 * MEGABYTE);
            assertThat(peaks).containsOnlyKeys("run", "execute");
            assertThat(peaks).allSatisfy((who, peak) -> assertThat(peak).as(who).isLessThanOrEqualTo(MOST_MEBIBYTES));
            System.out.println("MiB at most: " + peaks);
        }
    }

    private Path workingCopy() throws IOException {
        Path bare = folder.resolve("project.git");
        Path copy = folder.resolve("copy");
        Repository.git(folder, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        Repository.git(folder, "clone", "--quiet", bare.toString(), copy.toString());
        Repository.write(copy.resolve("train.py"), """
                import hashlib, os
                print("data", hashlib.sha256(open("data.bin", "rb").read()).hexdigest())
                print("checkpoint", os.path.getsize("model.ckpt"))
                """);
        sparse(copy.resolve("model.ckpt"), 45);
        sparse(copy.resolve("data.bin"), 80);
        Repository.git(copy, "add", ".");
        Repository.git(copy, "-c", "core.compression=0", "commit", "--quiet", "--message", "Large files");
        Repository.git(copy, "push", "--quiet", "origin", "HEAD:main");
        return copy;
    }

    private static void sparse(Path file, long megabytes) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(megabytes * MEGABYTE);
        }
    }

    private static void edit(Path file) throws IOException {
        byte[] noise = new byte[MEGABYTE];
        new Random(1).nextBytes(noise);
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            for (long megabyte = 0; megabyte < 80; megabyte += 20) {
                content.seek(megabyte * MEGABYTE);
                content.write(noise);
            }
        }
    }

    private static String digest(Path file) {
        Shell.Finished sum = Shell.in(file.resolveSibling(".")).run("sha256sum", file.toString());
        return sum.out().split(" ", 2)[0];
    }

    /** Whether a process is an execute process, and not yet the shell that becomes one. */
    private static boolean executes(ProcessHandle process) {
        try {
            String arguments = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return arguments.contains("\0execute\0--id\0") && arguments.contains("\0--module\0");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static void measure(Map<String, Long> peaks, String who, ProcessHandle process) {
        GatedDaemonFixture.peakOf(process.pid()).ifPresent(peak -> peaks.merge(who, peak, Math::max));
    }
}
