// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.spi.PluginContext;
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
record PipPlan(
        EnvironmentRequest request,
        Interpreter interpreter,
        VersionSpecifiers pip,
        RequirementSet required,
        List<String> options,
        SortedMap<String, String> identity,
        Tools tools)
        implements EnvironmentPlan {

    private static final Version FIRST_WITHOUT_SETUPTOOLS = Version.of("3.12").orElseThrow();

    /** What every plan of a manager works with. */
    record Tools(PluginContext context, PipSettings settings, PipCommands commands, PipSeeds seeds) {}

    /** An environment without packages is made faster than it is copied. */
    @Override
    public boolean cacheable() {
        return !required.requirements().isEmpty();
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        VirtualEnvironment environment =
                tools.seeds().plant(interpreter, pip, tools.settings().systemPackages(), folder, request.console());
        installation(environment).all(required);
        return ready(environment);
    }

    @Override
    public PythonEnvironment restore(Path folder) throws InterruptedException {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        Relocation.of(environment);
        if (required.requirements().stream().anyMatch(Requirement::movable)) {
            Installation installation = installation(environment);
            installation.remove(InstalledPackages.in(environment.packages()).all().stream()
                    .filter(Installed::movable)
                    .map(Installed::name)
                    .toList());
            installation.own(required);
        }
        return ready(environment);
    }

    private Installation installation(VirtualEnvironment environment) {
        return new Installation(
                environment,
                tools.settings(),
                tools.commands(),
                tools.context().commands(),
                request.console(),
                request.sources().root(),
                options);
    }

    private PythonEnvironment ready(VirtualEnvironment environment) throws InterruptedException {
        String path = tools.context().environment().getOrDefault("PATH", "");
        return new PythonEnvironment(
                environment.folder(),
                List.of(environment.python().toString()),
                Map.of(
                        "VIRTUAL_ENV",
                        environment.folder().toString(),
                        "PATH",
                        environment.commands() + (path.isEmpty() ? "" : File.pathSeparator + path)),
                frozen(environment));
    }

    private List<String> frozen(VirtualEnvironment environment) throws InterruptedException {
        if (tools.settings().systemPackages()) {
            CommandResult result = tools.context()
                    .commands()
                    .run(tools.commands()
                            .freeze(environment.python(), request.sources().root()));
            if (result.succeeded()) {
                return result.output()
                        .lines()
                        .filter(line -> !line.isBlank() && !line.contains("clearml-agent"))
                        .toList();
            }
        }
        Set<String> tooling = interpreter.version().compareTo(FIRST_WITHOUT_SETUPTOOLS) < 0
                ? Set.of("pip", "setuptools", "wheel", "distribute")
                : Set.of("pip");
        return InstalledPackages.in(environment.packages()).all().stream()
                .filter(one -> !one.normalName().equals("clearml-agent"))
                .filter(one -> !tooling.contains(one.normalName())
                        || required.named(one.name()).isPresent())
                .map(this::line)
                .toList();
    }

    /** The task's own line for what is not from an index, so that it can be installed from the same place again. */
    private String line(Installed installed) {
        return required.named(installed.name())
                .filter(own -> own.kind() != Requirement.Kind.PACKAGE)
                .map(own -> Requirement.withoutCredentials(own.text()))
                .orElseGet(installed::line);
    }
}
