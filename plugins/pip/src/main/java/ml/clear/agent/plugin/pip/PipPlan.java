// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.FrozenRequirements;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Relocation;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/** One environment to be built with pip. */
record PipPlan(Work work, Interpreter interpreter, VersionSpecifiers pip, SortedMap<String, String> identity)
        implements EnvironmentPlan {

    private static final Version FIRST_WITHOUT_SETUPTOOLS = Version.of("3.12").orElseThrow();

    /** The dependencies of every plan of a manager. */
    record Tools(PluginContext context, PipSettings settings, PipCommands commands, PipSeeds seeds) {}

    /**
     * What is to be installed.
     *
     * @param request the task's request
     * @param required its requirements
     * @param options lines that stand before them: indexes, constraints
     * @param tools what installs them
     */
    record Work(EnvironmentRequest request, RequirementSet required, List<String> options, Tools tools) {

        Installation installation(InstallationTarget target) {
            return new Installation(
                    target,
                    tools.settings(),
                    tools.commands(),
                    tools.context().commands(),
                    request.console(),
                    request.sources().root(),
                    options);
        }
    }

    /** Creating an environment without packages is faster than copying it. */
    @Override
    public boolean cacheable() {
        return !work.required().requirements().isEmpty();
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        VirtualEnvironment environment = work.tools()
                .seeds()
                .plant(
                        interpreter,
                        pip,
                        work.tools().settings().systemPackages(),
                        folder,
                        work.request().console());
        work.installation(InstallationTarget.of(environment)).all(work.required());
        return ready(environment);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        if (!Files.isExecutable(environment.python())) {
            return Optional.empty(); // the interpreter that it was created with no longer exists
        }
        Relocation.of(environment);
        if (work.required().requirements().stream().anyMatch(Requirement::movable)) {
            Installation installation = work.installation(InstallationTarget.of(environment));
            installation.remove(InstalledPackages.in(environment.packages()).all().stream()
                    .filter(Installed::movable)
                    .map(Installed::name)
                    .toList());
            installation.own(work.required());
        }
        return Optional.of(ready(environment));
    }

    private PythonEnvironment ready(VirtualEnvironment environment) throws InterruptedException {
        String path = work.tools().context().environment().getOrDefault("PATH", "");
        return new PythonEnvironment(
                environment.folder(),
                environment.python(),
                Map.of(
                        "VIRTUAL_ENV",
                        environment.folder().toString(),
                        "PATH",
                        environment.commands() + (path.isEmpty() ? "" : File.pathSeparator + path)),
                FrozenPackages.ofPip(frozen(environment)));
    }

    private List<String> frozen(VirtualEnvironment environment) throws InterruptedException {
        Path root = work.request().sources().root();
        FrozenRequirements frozen = new FrozenRequirements(work.required(), root);
        InstalledPackages installed = InstalledPackages.in(environment.packages());
        if (work.tools().settings().systemPackages()) {
            CommandResult result = work.tools()
                    .context()
                    .commands()
                    .run(work.tools().commands().freeze(environment.python(), root));
            if (result.succeeded()) {
                return frozen.ofFreeze(result.output()
                        .lines()
                        .filter(line -> !line.contains("clearml-agent"))
                        .toList());
            }
        }
        Set<String> tooling = interpreter.version().compareTo(FIRST_WITHOUT_SETUPTOOLS) < 0
                ? Set.of("pip", "setuptools", "wheel", "distribute")
                : Set.of("pip");
        return frozen.of(
                installed.all().stream()
                        .filter(one -> !one.normalName().equals("clearml-agent"))
                        .filter(one -> !tooling.contains(one.normalName())
                                || work.required().named(one.name()).isPresent())
                        .toList(),
                installed.version("pip"));
    }
}
