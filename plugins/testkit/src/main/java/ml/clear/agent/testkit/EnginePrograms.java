// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the programs that engines of containers are made of. */
final class EnginePrograms {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration LONGEST_RUN = Duration.ofMinutes(15);
    private static final long POLL_MILLIS = 50;

    private EnginePrograms() {}

    /** Why an engine cannot be started here; empty when it can. */
    static Optional<String> obstacle(String packages, String... programs) {
        if (!System.getProperty("user.name", "").equals("root")) {
            return Optional.of("an engine is started by root");
        }
        return Stream.of(programs)
                .filter(program -> !installed(program))
                .findFirst()
                .map(program -> "'" + program + "' is not installed; on Debian: apt-get install " + packages);
    }

    private static boolean installed(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
    }

    /** The archive of the image that engines import, made of Debian's packages once and kept in the user's cache folder. */
    static Path image() throws IOException, InterruptedException {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        Path all = Files.createDirectories(Path.of(cache, "clearml-agent-tests"));
        Path archive = all.resolve("python-bookworm.tar");
        try (FileChannel lock = FileChannel.open(
                all.resolve("python-bookworm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock(); // goes with the channel
            if (!Files.exists(archive)) {
                Path root = Files.createTempDirectory("clearml-agent-image-");
                Path made = all.resolve("python-bookworm.tar.new");
                run(List.of(
                        "debootstrap",
                        "--variant=minbase",
                        "--include=python3,python3-venv,python3-pip,git,ca-certificates",
                        "bookworm",
                        root.toString()));
                run(List.of("tar", "-C", root.toString(), "-c", "-f", made.toString(), "."));
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
                removeAll(root);
            }
        }
        return archive;
    }

    /** Remove a folder with files of other users, and with mounts that an engine left. */
    static void removeAll(Path folder) throws IOException, InterruptedException {
        List<String> mounts = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .filter(place -> place.startsWith(folder + "/"))
                .toList();
        for (String place : mounts.reversed()) {
            run(List.of("umount", "--lazy", place));
        }
        run(List.of("rm", "-rf", folder.toString()));
    }

    /** Start one that stays, and writes to a file. */
    static Process launch(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Wait until a launched program answers. */
    static void awaitAnswer(Process process, Path log, Callable<?> question) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                question.call();
                return;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) { // not yet
                if (!process.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
                    throw new IOException("the engine does not start:\n" + Files.readString(log), e);
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }

    /** Run one to its end; what it wrote. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("clearml-agent-", ".out");
        try {
            Process process = launch(command, output);
            if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " takes too long");
            }
            String text = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException(command + " failed with " + process.exitValue() + ":\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
