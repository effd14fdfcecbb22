// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.runtime.process.ProcessTree;

/**
 * Starts a task's process under its keeper: a small program that is the process's parent, writes its output to the spool
 * and its end to the exit record, and outlives the agent.
 */
public final class Keeper {

    private static final String SCRIPT = "keeper.py";
    private static final String LOG = "keeper.log";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 2;

    /** What an interpreter outside the usual folders may need to find its own libraries. */
    private static final List<String> INHERITED = List.of("PATH", "LD_LIBRARY_PATH");

    private Keeper() {}

    /**
     * Start a process, once for each folder. Returns when it runs, or when it is clear that it cannot: the outcome is then
     * {@link Outcome.NotStarted}. An interruption that comes when the process may run already is kept, and the process is
     * returned: to end it with its grace period is up to the caller.
     *
     * @param folder the execution's folder, owned by the caller
     * @throws AgentException {@code INTERPRETER_MISSING} when the keeper's interpreter does not run, {@code FILE_SYSTEM}
     *     when the folder cannot be written
     * @throws InterruptedException when interrupted; the process is not running then
     */
    public static RunningProcess start(ExecutionFolder folder, LaunchSpec spec) throws InterruptedException {
        Process keeper;
        try {
            for (String stale : ExecutionFiles.OF_THE_KEEPER) {
                Files.deleteIfExists(folder.file(stale)); // of a keeper that died before it started anything
            }
            Path script = folder.file(SCRIPT);
            OwnerOnly.replace(script, script());
            OwnerOnly.replace(
                    folder.file(ExecutionFiles.LAUNCH), spec.encoded(Map.of(ProcessTree.VARIABLE, folder.marker())));
            keeper = spawn(folder, spec.interpreter(), script);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write to the execution folder '" + folder.path() + "': " + e, e);
        }
        try {
            awaitStart(folder, keeper, spec.interpreter());
        } catch (InterruptedException e) {
            return startedMeanwhile(folder, keeper).orElseThrow(() -> e);
        } catch (RuntimeException e) {
            abandon(folder, keeper);
            throw e;
        }
        return RunningProcess.attach(folder)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.INTERNAL, "the keeper in '" + folder.path() + "' started and left no record"));
    }

    private static Process spawn(ExecutionFolder folder, Path interpreter, Path script) throws IOException {
        File log = folder.file(LOG).toFile();
        OwnerOnly.replace(log.toPath(), new byte[0]);
        ProcessBuilder builder = new ProcessBuilder(
                        interpreter.toString(),
                        "-I",
                        "-S",
                        "-E",
                        script.toString(),
                        folder.path().toString())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectErrorStream(true);
        builder.environment().keySet().retainAll(INHERITED);
        try {
            return builder.start();
        } catch (IOException e) {
            throw interpreterMissing(interpreter, String.valueOf(e.getMessage()));
        }
    }

    private static void awaitStart(ExecutionFolder folder, Process keeper, Path interpreter)
            throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!decided(folder)) {
            if (keeper.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) && !decided(folder)) {
                throw interpreterMissing(interpreter, lastWords(folder).orElse("it ended without a word"));
            }
            if (System.nanoTime() - deadline > 0) {
                throw interpreterMissing(
                        interpreter, "it did not start the task within " + START_LIMIT.toSeconds() + " s");
            }
        }
    }

    private static boolean decided(ExecutionFolder folder) {
        return Files.exists(folder.file(ExecutionFiles.PROCESS)) || Files.exists(folder.file(ExecutionFiles.EXIT));
    }

    /** The process, if the keeper has claimed its launch; else it is never started. */
    private static Optional<RunningProcess> startedMeanwhile(ExecutionFolder folder, Process keeper)
            throws InterruptedException {
        Optional<RunningProcess> started = RunningProcess.attach(folder);
        if (started.isPresent()) {
            Thread.currentThread().interrupt();
        } else {
            abandon(folder, keeper);
        }
        return started;
    }

    /** Give up a start at any point of it, so that no process keeps running. */
    private static void abandon(ExecutionFolder folder, Process keeper) {
        boolean interrupted = Thread.interrupted();
        try {
            Files.deleteIfExists(folder.file(ExecutionFiles.LAUNCH));
        } catch (IOException e) {
            // The keeper is killed next, so it cannot execute the launch.
        }
        ProcessTree tree = RunningProcess.tree(folder);
        keeper.destroyForcibly();
        tree.kill();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a keeper said before it ended; it is silent unless something is wrong. */
    static Optional<String> lastWords(ExecutionFolder folder) {
        try {
            List<String> lines = Files.readAllLines(folder.file(LOG));
            return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
        } catch (IOException e) {
            return Optional.of("its log cannot be read: " + e);
        }
    }

    private static AgentException interpreterMissing(Path interpreter, String why) {
        return new AgentException(
                ErrorCode.INTERPRETER_MISSING,
                "cannot start a task under the interpreter '" + interpreter + "': " + why
                        + "; it must be a working Python 3.6 or newer");
    }

    private static byte[] script() throws IOException {
        try (InputStream in = Keeper.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new AgentException(ErrorCode.INTERNAL, "the agent's own file '" + SCRIPT + "' is missing");
            }
            return in.readAllBytes();
        }
    }
}
