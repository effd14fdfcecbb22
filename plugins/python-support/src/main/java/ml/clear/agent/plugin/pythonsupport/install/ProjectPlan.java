// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Relocation;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.torch.Accelerators;

/**
 * One new environment to be made from the files of a project. The environment is the agent's own: the project's tool installs
 * into it, and the task's script runs in it.
 */
public final class ProjectPlan implements EnvironmentPlan {

    private static final String SDK = "clearml";

    private final PluginContext context;
    private final EnvironmentRequest request;
    private final Interpreter interpreter;
    private final ProjectFiles files;
    private final ProjectInstaller installer;
    private final SortedMap<String, String> identity;

    /** A plan to install the project that has these files. */
    public ProjectPlan(
            PluginContext context,
            EnvironmentRequest request,
            Interpreter interpreter,
            ProjectFiles files,
            ProjectInstaller installer)
            throws InterruptedException {
        this.context = context;
        this.request = request;
        this.interpreter = interpreter;
        this.files = files;
        this.installer = installer;
        this.identity = new TreeMap<>(interpreter.identity());
        identity.putAll(installer.identity());
        identity.put(
                SystemPackages.NAME,
                SystemPackages.of(context.settings(), interpreter).identity());
        identity.put("accelerator", Accelerators.of(context).find().identity());
    }

    @Override
    public SortedMap<String, String> identity() {
        return new TreeMap<>(identity);
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    /** The interpreter's own packages are those of this machine. */
    @Override
    public Optional<SortedMap<String, String>> portableIdentity() {
        return systemPackages() ? Optional.empty() : Optional.of(Interpreter.portable(identity));
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        VirtualEnvironment environment = VirtualEnvironment.create(interpreter, folder, systemPackages());
        installer.install(environment);
        files.keepLock(environment);
        return ready(environment);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        if (!environment.adopt(interpreter)) {
            return Optional.empty();
        }
        Relocation.of(environment);
        if (InstalledPackages.in(environment.packages()).all().stream().anyMatch(Installed::movable)) {
            files.returnLock(environment);
            installer.installSources(environment);
        }
        return Optional.of(ready(environment));
    }

    private boolean systemPackages() {
        return context.settings().get(PackageSettings.SYSTEM_SITE_PACKAGES);
    }

    private PythonEnvironment ready(VirtualEnvironment environment) {
        List<String> frozen = FrozenEnvironment.of(
                environment,
                List.of(),
                interpreter.version(),
                RequirementSet.EMPTY,
                request.sources().root());
        warnWithoutSdk(environment);
        return new PythonEnvironment(
                environment.folder(),
                environment.python(),
                installer.launcher(environment),
                Activation.of(environment, context.environment()),
                FrozenPackages.ofPip(frozen));
    }

    /** The lock decides, not the task's list; a script that reports to the server then fails at its import. */
    private void warnWithoutSdk(VirtualEnvironment environment) {
        boolean wanted = request.requirements().pip().stream()
                .flatMap(String::lines)
                .anyMatch(line -> line.strip().matches("clearml\\b(?!-).*"));
        if (wanted && InstalledPackages.in(environment.packages()).version(SDK).isEmpty()) {
            request.console()
                    .line("The task requires clearml, which the project with '" + files.lockName()
                            + "' does not install; add it to the dependencies of the project");
        }
    }
}
