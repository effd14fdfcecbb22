// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Relocation;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.WheelFile;

/**
 * Empty environments with the wanted pip, kept so that the next environment is a copy rather than an installation of pip.
 *
 * <p>A seed is made once for an interpreter and a condition on pip's version, beside its place and renamed, under a lock that
 * all agents of the user share; it is made again after a week, since the condition may then allow a newer pip.
 */
final class PipSeeds {

    private static final Duration FRESH = Duration.ofDays(7);
    private static final Version FIRST_WITH_PYTHON_OPTION = Version.of("22.3").orElseThrow();
    private static final Version FIRST_WITHOUT_SETUPTOOLS = Version.of("3.12").orElseThrow();

    private static final VersionSpecifiers ANY = VersionSpecifiers.of("").orElseThrow();

    private final Path folder;
    private final FileLocks locks;
    private final CommandRunner runner;
    private final PipCommands commands;
    private final InstantSource clock;

    PipSeeds(Path folder, CommandRunner runner, PipCommands commands, InstantSource clock) {
        this.folder = folder;
        this.locks = new FileLocks(folder);
        this.runner = runner;
        this.commands = commands;
        this.clock = clock;
    }

    /**
     * Make an environment with pip.
     *
     * @param pip the condition on pip's version; empty for the newest
     */
    VirtualEnvironment plant(
            Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages, Path target, Console console)
            throws InterruptedException {
        String name = name(interpreter, pip, systemPackages);
        Path seed = folder.resolve(name);
        try (FileLocks.Held _ = locks.take(name, () -> console.line("Waiting for another task that installs pip"))) {
            if (!fresh(seed)) {
                make(interpreter, pip, systemPackages, seed, console);
            }
            SeedCopy.of(seed, target);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot make an environment in '" + target + "': " + e.getMessage(), e);
        }
        VirtualEnvironment environment = new VirtualEnvironment(target);
        Relocation.of(environment);
        return environment;
    }

    private boolean fresh(Path seed) throws IOException {
        if (!Files.isDirectory(seed)) {
            return false;
        }
        Instant made = Files.getLastModifiedTime(seed).toInstant();
        return made.plus(FRESH).isAfter(clock.instant());
    }

    private void make(
            Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages, Path seed, Console console)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path beside = folder.resolve(".new-" + UUID.randomUUID());
        Path old = folder.resolve(".old-" + UUID.randomUUID());
        try {
            VirtualEnvironment environment = VirtualEnvironment.create(interpreter, beside, systemPackages);
            try (TemporaryFolder temporary = TemporaryFolder.in(environment.folder())) {
                installPip(interpreter, pip, environment, temporary, console);
                if (interpreter.version().compareTo(FIRST_WITHOUT_SETUPTOOLS) < 0) {
                    installSetuptools(interpreter, environment, temporary, console);
                }
            }
            if (Files.isDirectory(seed)) {
                Files.move(seed, old);
            }
            Files.move(beside, seed, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(beside);
            Folders.delete(old);
        }
    }

    private void installPip(
            Interpreter interpreter,
            VersionSpecifiers pip,
            VirtualEnvironment environment,
            TemporaryFolder temporary,
            Console console)
            throws InterruptedException {
        String wanted = "pip" + pip;
        boolean newest = pip.toString().isEmpty();
        Optional<WheelFile> fitting = newest ? Optional.empty() : WheelFile.newest(interpreter, "pip", pip);
        if (fitting.isPresent()) {
            fitting.get().install(environment);
            return;
        }
        Optional<Version> own = Version.of(interpreter.pip());
        if (own.isPresent() && own.get().compareTo(FIRST_WITH_PYTHON_OPTION) >= 0) {
            check(
                    runner.run(
                            commands.installPipFrom(
                                    interpreter.executable(), environment.python(), wanted, folder, temporary),
                            console),
                    "agent.package_manager.pip_version '" + wanted + "'");
            return;
        }
        WheelFile any = WheelFile.newest(interpreter, "pip", ANY).orElseThrow(() -> withoutPip(interpreter));
        any.install(environment);
        check(
                runner.run(commands.upgrade(environment.python(), wanted, folder, temporary), console),
                "agent.package_manager.pip_version '" + wanted + "'");
    }

    /** Before Python 3.12 packages without {@code pyproject.toml} are built by the setuptools of their environment. */
    private void installSetuptools(
            Interpreter interpreter, VirtualEnvironment environment, TemporaryFolder temporary, Console console)
            throws InterruptedException {
        Optional<WheelFile> own = WheelFile.newest(interpreter, "setuptools", ANY);
        if (own.isPresent()) {
            own.get().install(environment);
        } else {
            check(
                    runner.run(commands.upgrade(environment.python(), "setuptools", folder, temporary), console),
                    "'setuptools', which packages without pyproject.toml need");
        }
    }

    private static void check(CommandResult result, String wanted) {
        if (!result.succeeded()) {
            throw PipFailure.of(result, wanted);
        }
    }

    private static AgentException withoutPip(Interpreter interpreter) {
        return new AgentException(
                ErrorCode.PROGRAM_MISSING,
                "Python " + interpreter.version() + " at '" + interpreter.executable()
                        + "' has neither pip nor ensurepip; install them (Debian, Ubuntu: apt-get install python"
                        + interpreter.series() + "-venv)");
    }

    private static String name(Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages) {
        String all = String.join(
                "\n",
                interpreter.baseExecutable().toString(),
                interpreter.version().text(),
                interpreter.abi(),
                pip.toString(),
                String.valueOf(systemPackages));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }
}
