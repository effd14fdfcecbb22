// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.testkit.TestContext;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes over one cache, killed at random while the repository goes on. */
@Tag("thorough")
class KilledCheckoutsIT {

    private static final int CHECKOUTS = Boolean.getBoolean("soak") ? 1000 : 40;
    private static final long LIMIT_MINUTES = 60;

    @TempDir
    private Path folder;

    private final Random random = new Random(7);
    private final List<String> commits = new ArrayList<>();
    private Git origin;
    private Path copies;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        origin = Git.init(folder.resolve("origin"));
        for (int i = 0; i < 60; i++) {
            origin.write("dir" + i % 7 + "/file" + i, "content " + i + "\n".repeat(i));
        }
        commits.add(origin.commit());
        copies = Files.createDirectories(folder.resolve("copies"));
    }

    @Test
    void everyFinishedCheckoutIsWholeAndTheCacheStaysHealthy() throws Exception {
        int checked = 0;
        int kills = 0;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        List<Process> loops = new ArrayList<>(List.of(loop(), loop()));
        try {
            while (checked < CHECKOUTS) {
                assertThat(System.nanoTime()).as(checked + " checkouts").isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(2500));
                int finished = checkFinished();
                checked += finished;
                // on a busy machine a process may need longer than this for its first checkout
                if (finished > 0 || random.nextInt(4) == 0) {
                    int victim = random.nextInt(2);
                    kill(loops.get(victim));
                    loops.set(victim, loop());
                    kills++;
                }
                if (random.nextInt(3) == 0) {
                    commits.add(origin.write("dir1/file1", "round " + checked + random.nextInt() + "\n")
                            .commit());
                }
            }
        } finally {
            for (Process loop : loops) {
                kill(loop);
            }
        }
        assertHealthy();
        System.out.println(checked + " checkouts, " + kills + " kills, " + commits.size() + " commits");
    }

    /** The process alone, so that its git goes on, or all that it started, too. */
    private void kill(Process loop) throws InterruptedException {
        List<ProcessHandle> below = loop.descendants().toList();
        loop.destroyForcibly().waitFor();
        if (random.nextBoolean()) {
            below.forEach(ProcessHandle::destroyForcibly);
        }
        for (ProcessHandle process : below) {
            process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private int checkFinished() throws IOException, InterruptedException {
        List<Path> finished;
        try (Stream<Path> files = Files.list(copies)) {
            finished = files.filter(file -> file.toString().endsWith(".done")).toList();
        }
        for (Path done : finished) {
            Path copy = copies.resolve(done.getFileName().toString().replace(".done", ""));
            Git git = new Git(copy);
            String commit = Files.readString(done);
            assertThat(commits).contains(commit);
            assertThat(git.run("rev-parse", "HEAD").strip()).isEqualTo(commit);
            // reads every file again, without trust in the index
            Files.delete(copy.resolve(".git/index"));
            git.run("read-tree", "HEAD");
            assertThat(git.run("status", "--porcelain")).isEmpty();
            Folders.delete(copy);
            Files.delete(done);
        }
        return finished.size();
    }

    private void assertHealthy() throws Exception {
        VersionControl versionControl = new GitVersionControl(GitContext.in(folder.resolve("own")));
        versionControl.checkOut(new CheckoutRequest(
                RepositoryAddress.parse(origin.folder().toString()),
                new Revision("", "", "main"),
                folder.resolve("last"),
                CredentialChain.empty(),
                line -> {}));
        Path mirror;
        try (Stream<Path> entries = Files.list(folder.resolve("own/vcs-cache"))) {
            mirror = entries.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        new Git(mirror.resolve("current").toRealPath()).run("fsck", "--full", "--strict");
        try (Stream<Path> generations = Files.list(mirror)) {
            assertThat(generations.filter(
                            entry -> entry.getFileName().toString().startsWith("generation-")))
                    .hasSize(1);
        }
    }

    private Process loop() throws IOException {
        String classes = Stream.of(GitVersionControl.class, TestContext.class, VersionControl.class, Repository.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes
                                + File.pathSeparator
                                + Path.of("target", "test-classes").toAbsolutePath(),
                        CheckoutLoop.class.getName(),
                        folder.resolve("own").toString(),
                        origin.folder().toString(),
                        copies.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("loops.log").toFile()))
                .start();
    }
}
