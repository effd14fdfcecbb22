// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Starts a daemon in the background, in a new session, so that it outlives the terminal. Java cannot call {@code
 * setsid(2)} without native code, so the program of that name does it; it keeps the pid.
 */
public final class DetachedDaemon {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Pattern FOLDERS = Pattern.compile(":");

    private final LocalWorkers workers;
    private final String path;

    /**
     * A way to start one.
     *
     * @param workers among whom it will be when it has started
     * @param path the folders of programs, as in {@code PATH}
     */
    public DetachedDaemon(LocalWorkers workers, String path) {
        this.workers = workers;
        this.path = path;
    }

    /**
     * Start it, and wait until it serves its queues.
     *
     * @param command the whole command
     * @param variables what it gets besides our own variables
     * @param log the file that it writes to, which exists
     * @return the daemon; empty when it takes its time
     * @throws AgentException {@code LAUNCH_FAILED} when it ends instead, with its last words
     */
    public Optional<LocalWorker> start(List<String> command, Map<String, String> variables, Path log)
            throws InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(ofItsOwnSession(command))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(variables);
            process = builder.start();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.LAUNCH_FAILED, "cannot start the daemon with its log '" + log + "': " + e, e);
        }
        return await(process, log);
    }

    private Optional<LocalWorker> await(Process process, Path log) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < LONGEST_START.toNanos()) {
            if (process.waitFor(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AgentException(
                        ErrorCode.LAUNCH_FAILED,
                        "the daemon has ended with exit code " + process.exitValue() + ": " + lastWords(log));
            }
            Optional<LocalWorker> daemon = workers.alive().stream()
                    .filter(worker -> worker.process().pid() == process.pid())
                    .findFirst();
            if (daemon.isPresent()) {
                return daemon;
            }
        }
        return Optional.empty();
    }

    private static String lastWords(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException e) {
            return "its log '" + log + "' cannot be read";
        }
    }

    private List<String> ofItsOwnSession(List<String> command) {
        List<String> whole = new ArrayList<>();
        FOLDERS.splitAsStream(path)
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "setsid"))
                .filter(Files::isExecutable)
                .findFirst()
                .ifPresent(setsid -> whole.add(setsid.toString()));
        whole.addAll(command);
        return whole;
    }
}
