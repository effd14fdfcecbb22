// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.SecretHandover;

/** Runs real programs for tests, with the variables that the test gives as the inherited ones. */
public final class ProcessCommandRunner implements CommandRunner {

    private final Map<String, String> inherited;

    /** A runner whose programs inherit these variables. */
    public ProcessCommandRunner(Map<String, String> inherited) {
        this.inherited = Map.copyOf(inherited);
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        return run(command, line -> {});
    }

    @Override
    public CommandResult run(Command command, Console console) throws InterruptedException {
        try (SecretHandover secrets = SecretHandover.of(command, inherited)) {
            return run(command, start(command, secrets), console);
        }
    }

    private static CommandResult run(Command command, Process process, Console console) throws InterruptedException {
        StringBuilder output = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        Thread first = reader(process.getInputStream(), output, console);
        Thread second = reader(process.getErrorStream(), errors, console);
        try {
            write(process, command.input());
            if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AgentException(
                        ErrorCode.TIMED_OUT, "'" + command.program() + "' did not end within " + command.timeout());
            }
            first.join();
            second.join();
            return new CommandResult(process.exitValue(), output.toString(), errors.toString());
        } finally {
            kill(process);
        }
    }

    private Process start(Command command, SecretHandover secrets) {
        ProcessBuilder builder = new ProcessBuilder(secrets.arguments());
        builder.directory(command.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(inherited);
        command.removedVariables().forEach(builder.environment()::remove);
        builder.environment().putAll(command.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING, "cannot start '" + command.program() + "': " + e.getMessage(), e);
        }
    }

    private static void write(Process process, String input) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // a program that does not read its input closes it
        }
    }

    private static Thread reader(InputStream stream, StringBuilder all, Console console) {
        return Thread.ofVirtual().name("test-output").start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    all.append(line).append('\n');
                    console.line(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void kill(Process process) throws InterruptedException {
        try (Stream<ProcessHandle> below = process.descendants()) {
            List<ProcessHandle> all =
                    Stream.concat(below, Stream.of(process.toHandle())).toList();
            all.forEach(ProcessHandle::destroyForcibly);
        }
        boolean interrupted = Thread.interrupted();
        process.waitFor();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
