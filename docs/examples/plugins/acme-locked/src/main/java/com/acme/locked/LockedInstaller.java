package com.acme.locked;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.install.InstallationTarget;
import ml.clear.agent.plugin.pythonsupport.install.Installer;
import ml.clear.agent.plugin.pythonsupport.tool.PipCommands;
import ml.clear.agent.plugin.pythonsupport.tool.PipFailure;
import ml.clear.agent.plugin.pythonsupport.tool.PipSeeds;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/** Installs with any pip. */
final class LockedInstaller implements Installer {

    private final PluginContext context;
    private final PipCommands pip;
    private final Interpreter interpreter;

    LockedInstaller(PluginContext context, Interpreter interpreter) {
        this.context = context;
        this.pip = PipCommands.of(context);
        this.interpreter = interpreter;
    }

    @Override
    public SortedMap<String, String> identity() {
        return new TreeMap<>(Map.of("manager", "acme-locked"));
    }

    @Override
    public VirtualEnvironment create(Path folder, Console console) throws InterruptedException {
        VersionSpecifiers any = VersionSpecifiers.of(">=9").orElseThrow();
        return new PipSeeds(context, pip).plant(interpreter, any, false, folder, console);
    }

    @Override
    public void requireUsable(Interpreter existing) {
        if (existing.pip().isEmpty()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING, "'" + existing.executable() + "' has no pip; install it");
        }
    }

    @Override
    public CommandResult install(
            InstallationTarget target,
            Path file,
            List<RepositoryAddress> sources,
            TemporaryFolder temporary,
            Console console)
            throws InterruptedException {
        return context.commands()
                .run(
                        pip.install(
                                target.python(), target.pip(), file, target.directory(), List.of(), temporary, sources),
                        console);
    }

    @Override
    public CommandResult uninstall(InstallationTarget target, List<String> packages, Console console)
            throws InterruptedException {
        return context.commands().run(pip.uninstall(target.python(), packages, target.directory()), console);
    }

    @Override
    public CommandResult freeze(InstallationTarget target) throws InterruptedException {
        return context.commands().run(pip.freeze(target.python(), target.directory()));
    }

    @Override
    public boolean buildFailed(CommandResult result) {
        return PipFailure.building(result);
    }

    @Override
    public AgentException failure(CommandResult result, List<Requirement> requirements) {
        return PipFailure.of(result, requirements);
    }
}
