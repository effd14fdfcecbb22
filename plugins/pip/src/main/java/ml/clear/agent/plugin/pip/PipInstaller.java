// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.install.InstallationTarget;
import ml.clear.agent.plugin.pythonsupport.install.Installer;
import ml.clear.agent.plugin.pythonsupport.tool.InstallerRunner;
import ml.clear.agent.plugin.pythonsupport.tool.PipCommands;
import ml.clear.agent.plugin.pythonsupport.tool.PipFailure;
import ml.clear.agent.plugin.pythonsupport.tool.PipSeeds;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/**
 * Installs with the pip of the environment itself.
 *
 * @param pip the condition on pip's version; empty for the newest
 */
record PipInstaller(
        PipSettings settings,
        PipCommands commands,
        PipSeeds seeds,
        CommandRunner runner,
        Interpreter interpreter,
        VersionSpecifiers pip)
        implements Installer {

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put("manager", "pip");
        identity.put("pip", pip.toString());
        identity.put(
                "legacy resolver",
                String.join(
                        " or ",
                        settings.legacyResolver().stream()
                                .map(rule -> rule.versions().toString())
                                .toList()));
        identity.put("flags", String.join(" ", settings.installFlags()));
        return identity;
    }

    @Override
    public VirtualEnvironment create(Path folder, Console console) throws InterruptedException {
        return seeds.plant(interpreter, pip, settings.systemPackages(), folder, console);
    }

    @Override
    public void completed(VirtualEnvironment environment, Console console) throws InterruptedException {
        seeds.keepCompiled(interpreter, pip, settings.systemPackages(), environment, console);
    }

    @Override
    public void requireUsable(Interpreter existing) {
        if (existing.pip().isEmpty()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "Python " + existing.version() + " at '" + existing.executable()
                            + "' has no pip to install requirements with; install it, or unset "
                            + "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL");
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
        return new InstallerRunner(runner)
                .run(
                        "pip",
                        commands.install(
                                target.python(),
                                target.pip(),
                                file,
                                target.directory(),
                                flags(target),
                                temporary,
                                sources),
                        console);
    }

    private List<String> flags(InstallationTarget target) {
        List<String> flags = new ArrayList<>();
        boolean legacy = target.pip()
                .filter(version -> settings.legacyResolver().stream()
                        .anyMatch(rule -> rule.versions().contains(version)))
                .isPresent();
        if (legacy) {
            flags.add("--use-deprecated=legacy-resolver");
        }
        flags.addAll(settings.installFlags());
        if (settings.forceUpgrade()) {
            flags.add("--upgrade");
        }
        return flags;
    }

    @Override
    public CommandResult uninstall(InstallationTarget target, List<String> packages, Console console)
            throws InterruptedException {
        return runner.run(commands.uninstall(target.python(), packages, target.directory()), console);
    }

    @Override
    public CommandResult freeze(InstallationTarget target) throws InterruptedException {
        return runner.run(commands.freeze(target.python(), target.directory()));
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
