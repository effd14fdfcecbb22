// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.api.process.SecretHandover;

/**
 * Runs programs of this machine. A program that is to be stopped gets TERM with all that descends from it, two seconds,
 * then KILL.
 */
public final class SystemCommandRunner implements CommandRunner {

    /** The variable that identifies the descendants of a program. */
    private static final String VARIABLE = "CLEARML_AGENT_COMMAND";

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration STREAM_END = Duration.ofSeconds(1);

    private final AtomicLong count = new AtomicLong();

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        return run(command, line -> {});
    }

    @Override
    public CommandResult run(Command command, Console console) throws InterruptedException {
        String marker = ProcessHandle.current().pid() + "-" + System.nanoTime() + "-" + count.incrementAndGet();
        try (SecretHandover secrets = SecretHandover.of(command, System.getenv())) {
            return run(command, start(command, secrets, marker), marker, console);
        }
    }

    private static CommandResult run(Command command, Process process, String marker, Console console)
            throws InterruptedException {
        Optional<ProcessIdentity> identity = ProcessIdentity.of(process.pid());
        StreamDrain output =
                StreamDrain.start(process.getInputStream(), console, command.showsStates(), name(command, "output"));
        StreamDrain errors =
                StreamDrain.start(process.getErrorStream(), console, command.showsStates(), name(command, "errors"));
        giveInput(process, command);
        boolean ended = false;
        try {
            ended = process.waitFor(command.timeout().toNanos(), TimeUnit.NANOSECONDS);
            if (ended) {
                output.await(STREAM_END);
                errors.await(STREAM_END);
                return new CommandResult(process.exitValue(), output.text(), errors.text());
            }
        } finally {
            if (!ended) {
                stop(process, identity, marker);
            }
        }
        throw new AgentException(
                ErrorCode.TIMED_OUT,
                "'" + command.program() + "' did not end within "
                        + command.timeout().toSeconds() + " s and was killed; see why it hangs, or allow it more time");
    }

    private static Process start(Command command, SecretHandover secrets, String marker) {
        File directory = command.directory().toFile();
        if (!directory.isDirectory()) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot run '" + command.program() + "' in '" + directory + "', which is not a folder");
        }
        ProcessBuilder builder = new ProcessBuilder(secrets.arguments()).directory(directory);
        builder.environment().keySet().removeAll(command.removedVariables());
        builder.environment().putAll(command.environment());
        builder.environment().put(VARIABLE, marker);
        if (command.input().isEmpty()) {
            builder.redirectInput(new File("/dev/null"));
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AgentException(ErrorCode.PROGRAM_MISSING, cannotRun(command), e);
        }
    }

    private static String cannotRun(Command command) {
        String program = command.program();
        if (!program.contains("/")) {
            return "cannot run '" + program + "': no such program in PATH; install it, for instance with the package '"
                    + program + "' of your system, or correct PATH";
        }
        return Files.exists(command.directory().resolve(program))
                ? "cannot run '" + program
                        + "': it is no program that may be executed; check its rights and its first line"
                : "cannot run '" + program + "': no such file; install it or correct the path";
    }

    /** On its own thread: a program that does not read its input must not block the one that waits for its end. */
    private static void giveInput(Process process, Command command) {
        if (command.input().isEmpty()) {
            return;
        }
        Thread.ofPlatform().daemon().name(name(command, "input")).start(() -> {
            try (OutputStream input = process.getOutputStream()) {
                input.write(command.input().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading everything, as it may.
            }
        });
    }

    private static void stop(Process process, Optional<ProcessIdentity> identity, String marker) {
        boolean interrupted = Thread.interrupted();
        if (identity.isPresent()) {
            ProcessTree tree = ProcessTree.below(identity.get(), VARIABLE + "=" + marker);
            tree.members().forEach(ProcessIdentity::terminate);
            long start = System.nanoTime();
            while (!tree.isOver() && System.nanoTime() - start < GRACE.toNanos()) {
                try {
                    TimeUnit.MILLISECONDS.sleep(20);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            tree.kill();
        }
        process.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String name(Command command, String what) {
        String program = command.program();
        return what + " of " + program.substring(program.lastIndexOf('/') + 1);
    }
}
