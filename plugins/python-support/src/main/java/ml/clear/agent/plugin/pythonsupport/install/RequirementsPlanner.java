// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import ml.clear.agent.plugin.pythonsupport.torch.Accelerator;
import ml.clear.agent.plugin.pythonsupport.torch.Accelerators;
import ml.clear.agent.plugin.pythonsupport.torch.HttpProbe;
import ml.clear.agent.plugin.pythonsupport.torch.TorchDecision;
import ml.clear.agent.plugin.pythonsupport.torch.TorchSource;

/**
 * Plans environments from lists of requirements: finds the interpreter, reads the requirements, decides about torch. What
 * differs among package managers is the installer. Safe for several threads.
 */
public final class RequirementsPlanner {

    /** Variables of installers that forbid asking an index. */
    private static final List<String> NO_INDEX = List.of("PIP_NO_INDEX", "UV_NO_INDEX", "UV_OFFLINE");

    private final PluginContext context;
    private final Interpreters interpreters;
    private final TorchSource torch;
    private final Accelerators accelerators;
    private final RequirementSources sources;

    /** Plans with the settings of a context. */
    public RequirementsPlanner(PluginContext context) {
        Settings settings = context.settings();
        this.context = context;
        this.interpreters = Interpreters.of(context);
        this.torch = new TorchSource(settings, new HttpProbe(context.network()), context.clock());
        this.accelerators = Accelerators.of(context);
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
        Accelerator accelerator = accelerators.find();
        TorchDecision decision = torch.decide(wanted, interpreter, accelerator, offline(wanted));
        if (!decision.reason().isEmpty()) {
            console.line(decision.reason());
        }
        RequirementSet installable = decision.required();
        List<String> options = options(wanted, decision.options());
        SortedMap<String, String> identity =
                new PlanIdentity(request.sources().root(), context).of(interpreter, installer, installable, options);
        identity.put("accelerator", accelerator.identity());
        InstallationJob work = new InstallationJob(request, interpreter, installable, options, installer, context);
        return switch (request.target()) {
            case Target.New() -> new RequirementsPlan(work, identity);
            case Target.Existing(String _) -> new ExistingEnvironmentPlan(work, identity);
        };
    }

    private boolean offline(RequirementSet wanted) {
        return wanted.options().stream().anyMatch(option -> option.text().startsWith("--no-index"))
                || PackageOptions.words(context.settings().get(PackageSettings.INSTALL_FLAGS))
                        .contains("--no-index")
                || NO_INDEX.stream()
                        .anyMatch(name -> !Set.of("", "0", "false", "no", "off")
                                .contains(context.environment()
                                        .getOrDefault(name, "")
                                        .strip()
                                        .toLowerCase(Locale.ROOT)));
    }

    private List<String> options(RequirementSet wanted, List<String> ofTorch) {
        List<String> options = new ArrayList<>();
        PackageOptions.words(context.settings().get(PackageSettings.EXTRA_INDEX_URL))
                .forEach(index -> options.add("--extra-index-url " + index));
        options.addAll(ofTorch);
        wanted.options().stream().map(Requirement::text).forEach(options::add);
        wanted.constraints().forEach(file -> options.add("-c " + file));
        return options;
    }
}
