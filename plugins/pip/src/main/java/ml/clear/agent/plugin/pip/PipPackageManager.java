// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementSources;
import ml.clear.agent.plugin.pythonsupport.VersionSpecifiers;

/** Builds environments with pip. */
final class PipPackageManager implements PackageManager {

    private final PluginContext context;
    private final PipSettings settings;
    private final PipCommands commands;
    private final PipSeeds seeds;
    private final Interpreters interpreters;
    private final TorchSource torch;
    private final CudaVersion cuda;
    private final List<VersionRule> pipVersions;

    PipPackageManager(PluginContext context, TorchSource.Probe probe) {
        this.context = context;
        this.settings = PipSettings.of(context.settings());
        this.pipVersions = settings.pipVersions().stream()
                .filter(rule -> !rule.isBlank())
                .map(rule -> VersionRule.of(rule, PipSettings.PIP_VERSION))
                .toList();
        this.commands = PipCommands.of(settings, context);
        this.seeds =
                new PipSeeds(context.cacheFolder().resolve("seeds"), context.commands(), commands, context.clock());
        this.interpreters = new Interpreters(
                context.commands(), Interpreters.Preference.of(context.settings()), context.environment());
        this.torch = new TorchSource(TorchSettings.of(context.settings()), probe, context.clock());
        this.cuda = new CudaVersion(context.settings(), context.commands(), context.environment());
    }

    static PipPackageManager of(PluginContext context) {
        return new PipPackageManager(context, new HttpProbe(context.network()));
    }

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        Console console = request.console();
        Interpreter interpreter = switch (request.target()) {
            case Target.New() -> interpreters.find(request.python(), console);
            case Target.Existing(String program) -> interpreters.existing(program, request.python(), console);
        };
        RequirementSet required =
                new RequirementSources(settings.repositoryFiles(), settings.originalRequirements()).read(request);
        required.notes().forEach(console::line);
        VersionSpecifiers pip = pipVersion(interpreter, required);
        RequirementSet wanted = required.only(requirement -> !requirement.name().equals("pip"));
        int version = cuda.find();
        Optional<String> torchOption = torch.option(wanted, version, console);
        List<String> options = new ArrayList<>();
        settings.extraIndexes().forEach(index -> options.add("--extra-index-url " + index));
        torchOption.ifPresent(options::add);
        wanted.options().stream().map(Requirement::text).forEach(options::add);
        wanted.constraints().forEach(file -> options.add("-c " + file));
        RequirementSet installable = torchOption.isPresent() ? TorchSource.loosened(wanted) : wanted;
        PipPlan.Work work =
                new PipPlan.Work(request, installable, options, new PipPlan.Tools(context, settings, commands, seeds));
        SortedMap<String, String> identity = PipIdentity.of(
                interpreter,
                pip,
                installable,
                options,
                settings,
                version,
                context.environment(),
                request.sources().root());
        return switch (request.target()) {
            case Target.New() -> new PipPlan(work, interpreter, pip, identity);
            case Target.Existing(String _) -> new ExistingPlan(work, interpreter, identity);
        };
    }

    /** The task's own requirement for pip, otherwise the configured versions for this interpreter. */
    private VersionSpecifiers pipVersion(Interpreter interpreter, RequirementSet required) {
        Optional<VersionSpecifiers> own = required.named("pip")
                .flatMap(line -> VersionSpecifiers.of(
                        line.normal().substring("pip".length()).split(";", -1)[0]));
        if (own.isPresent()) {
            return own.get();
        }
        String joined = String.join(
                ",",
                pipVersions.stream()
                        .filter(rule -> rule.holdsOn(interpreter.markers()))
                        .map(rule -> exact(rule.versions().toString()))
                        .toList());
        return VersionSpecifiers.of(joined).orElseThrow();
    }

    private static String exact(String versions) {
        return !versions.isEmpty() && Character.isDigit(versions.charAt(0)) ? "==" + versions : versions;
    }
}
