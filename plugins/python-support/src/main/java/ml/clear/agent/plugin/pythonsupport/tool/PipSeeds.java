// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.process.ToolStore;
import ml.clear.agent.api.process.ToolStore.Tool;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Relocation;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.WheelFile;

/**
 * Empty environments with the wanted pip, kept in the store of tools so that the next environment is a copy rather than an
 * installation of pip. One is made anew after a week, since the condition may then allow a newer pip.
 */
public final class PipSeeds {

    private static final Duration VALIDITY = Duration.ofDays(7);
    private static final Version FIRST_WITHOUT_SETUPTOOLS = Version.of("3.12").orElseThrow();

    private static final VersionSpecifiers ANY = VersionSpecifiers.of("").orElseThrow();

    private final ToolStore tools;
    private final InstallerRunner runner;
    private final PipCommands commands;

    /** Seeds in the store of a plugin's context. */
    public PipSeeds(PluginContext context, PipCommands commands) {
        this.tools = context.tools();
        this.runner = new InstallerRunner(context.commands());
        this.commands = commands;
    }

    /**
     * Make an environment with pip.
     *
     * @param pip the condition on pip's version; empty for the newest
     * @param target absolute; made if absent
     */
    public VirtualEnvironment plant(
            Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages, Path target, Console console)
            throws InterruptedException {
        Path seed = seed(interpreter, pip, systemPackages, console);
        try {
            SeedCopy.of(seed, target);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot make an environment in '" + target + "': " + e.getMessage(), e);
        }
        VirtualEnvironment environment = new VirtualEnvironment(target);
        Relocation.of(environment);
        return environment;
    }

    /**
     * Keep the modules of pip that an environment's own pip compiled when it ran first, so that the next environments begin with
     * compiled modules.
     *
     * @param planted the environment that {@link #plant} made with the same arguments
     */
    public void keepCompiled(
            Interpreter interpreter,
            VersionSpecifiers pip,
            boolean systemPackages,
            VirtualEnvironment planted,
            Console console)
            throws InterruptedException {
        VirtualEnvironment seed = new VirtualEnvironment(seed(interpreter, pip, systemPackages, console));
        CompiledModules.link(planted.packages().resolve("pip"), seed.packages().resolve("pip"));
    }

    private Path seed(Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages, Console console)
            throws InterruptedException {
        Tool tool = new Tool("pip", identity(interpreter, pip, systemPackages), VALIDITY);
        return tools.provide(tool, new Seed(interpreter, pip, systemPackages, console), console);
    }

    private static SortedMap<String, String> identity(
            Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages) {
        SortedMap<String, String> identity = new TreeMap<>(interpreter.identity());
        identity.put("pip", pip.toString());
        identity.put("system packages", String.valueOf(systemPackages));
        return identity;
    }

    /** How one seed is made. */
    private final class Seed implements ToolStore.Maker {

        private final Interpreter interpreter;
        private final VersionSpecifiers pip;
        private final boolean systemPackages;
        private final Console console;

        Seed(Interpreter interpreter, VersionSpecifiers pip, boolean systemPackages, Console console) {
            this.interpreter = interpreter;
            this.pip = pip;
            this.systemPackages = systemPackages;
            this.console = console;
        }

        @Override
        public void make(Path folder) throws IOException, InterruptedException {
            VirtualEnvironment environment = VirtualEnvironment.create(interpreter, folder, systemPackages);
            Optional<WheelFile> setuptools = setuptools();
            try (TemporaryFolder temporary = TemporaryFolder.in(folder);
                    Unpacking unpacking = Unpacking.start(setuptools, environment)) {
                installPip(interpreter, pip, environment, temporary, console);
                unpacking.await();
                if (needsSetuptools() && setuptools.isEmpty()) {
                    installSetuptools(environment, temporary, console);
                }
            }
        }

        /** Before Python 3.12 packages without {@code pyproject.toml} are built by the setuptools of their environment. */
        private boolean needsSetuptools() {
            return interpreter.version().compareTo(FIRST_WITHOUT_SETUPTOOLS) < 0;
        }

        private Optional<WheelFile> setuptools() {
            return needsSetuptools() ? WheelFile.newest(interpreter, "setuptools", ANY) : Optional.empty();
        }

        @Override
        public boolean usable(Path folder) {
            return Files.isExecutable(new VirtualEnvironment(folder).python());
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
        Optional<Command> byAnother =
                commands.upgradeBy(interpreter, environment.python(), wanted, environment.folder(), temporary);
        if (byAnother.isEmpty()) {
            WheelFile any = WheelFile.newest(interpreter, "pip", ANY).orElseThrow(() -> withoutPip(interpreter));
            any.install(environment);
        }
        Command upgrade = byAnother.orElseGet(
                () -> commands.upgrade(environment.python(), wanted, environment.folder(), temporary));
        check(runner.run("pip", upgrade, console), "agent.package_manager.pip_version '" + wanted + "'");
    }

    private void installSetuptools(VirtualEnvironment environment, TemporaryFolder temporary, Console console)
            throws InterruptedException {
        check(
                runner.run(
                        "pip",
                        commands.upgrade(environment.python(), "setuptools", environment.folder(), temporary),
                        console),
                "'setuptools', which packages without pyproject.toml need");
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
}
