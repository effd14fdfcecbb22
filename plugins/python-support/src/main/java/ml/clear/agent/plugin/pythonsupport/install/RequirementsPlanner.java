// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Interpreters;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementSources;
import ml.clear.agent.plugin.pythonsupport.torch.CudaVersion;
import ml.clear.agent.plugin.pythonsupport.torch.HttpProbe;
import ml.clear.agent.plugin.pythonsupport.torch.TorchRules;
import ml.clear.agent.plugin.pythonsupport.torch.TorchSource;

/**
 * Plans environments from lists of requirements: finds the interpreter, reads the requirements, decides about torch. What
 * differs among package managers is the installer. Safe for several threads.
 */
public final class RequirementsPlanner {

    private final PluginContext context;
    private final Interpreters interpreters;
    private final TorchSource torch;
    private final CudaVersion cuda;
    private final RequirementSources sources;

    /** Plans with the settings of a context. */
    public RequirementsPlanner(PluginContext context) {
        Settings settings = context.settings();
        this.context = context;
        this.interpreters = Interpreters.of(context);
        this.torch = new TorchSource(TorchRules.of(settings), new HttpProbe(context.network()), context.clock());
        this.cuda = new CudaVersion(settings, context.commands(), context.environment());
        this.sources = new RequirementSources(
                settings.get(PackageSettings.FORCE_REPOSITORY_FILES), settings.get(PackageSettings.FORCE_ORIGINAL));
    }

    /** Makes the installer of one plan. */
    @FunctionalInterface
    public interface InstallerChoice {

        /** The installer for an interpreter and for requirements, which may name a version of the installer. */
        Installer choose(Interpreter interpreter, RequirementSet required, Console console) throws InterruptedException;
    }

    /**
     * Plan an environment.
     *
     * @param installers makes the installer
     */
    public EnvironmentPlan plan(EnvironmentRequest request, InstallerChoice installers) throws InterruptedException {
        Console console = request.console();
        Interpreter interpreter = switch (request.target()) {
            case Target.New() -> interpreters.find(request.python(), console);
            case Target.Existing(String program) -> interpreters.existing(program, request.python(), console);
        };
        RequirementSet required = sources.read(request);
        required.notes().forEach(console::line);
        Installer installer = installers.choose(interpreter, required, console);
        RequirementSet wanted = required.only(requirement -> !requirement.name().equals("pip"));
        int version = cuda.find();
        Optional<String> torchOption = torch.option(wanted, version, console);
        RequirementSet installable = torchOption.isPresent() ? TorchSource.loosened(wanted) : wanted;
        List<String> options = options(wanted, torchOption);
        SortedMap<String, String> identity = new PlanIdentity(
                        request.sources().root(), context.environment(), context.settings())
                .of(interpreter, installer, installable, options);
        identity.put("cuda", String.valueOf(version));
        Work work = new Work(request, interpreter, installable, options, installer, context);
        return switch (request.target()) {
            case Target.New() -> new RequirementsPlan(work, identity);
            case Target.Existing(String _) -> new ExistingEnvironmentPlan(work, identity);
        };
    }

    private List<String> options(RequirementSet wanted, Optional<String> torchOption) {
        List<String> options = new ArrayList<>();
        PackageOptions.words(context.settings().get(PackageSettings.EXTRA_INDEX_URL))
                .forEach(index -> options.add("--extra-index-url " + index));
        torchOption.ifPresent(options::add);
        wanted.options().stream().map(Requirement::text).forEach(options::add);
        wanted.constraints().forEach(file -> options.add("-c " + file));
        return options;
    }
}
