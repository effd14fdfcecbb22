// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Relocation;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/** One new environment to be made from a list of requirements. */
record RequirementsPlan(InstallationJob work, SortedMap<String, String> identity) implements EnvironmentPlan {

    /** Creating an environment without packages is faster than copying it. */
    @Override
    public boolean cacheable() {
        return !work.required().requirements().isEmpty();
    }

    /** The interpreter's own packages are those of this machine. */
    @Override
    public Optional<SortedMap<String, String>> portableIdentity() {
        return work.context().settings().get(PackageSettings.SYSTEM_SITE_PACKAGES)
                ? Optional.empty()
                : Optional.of(Interpreter.portable(identity));
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        VirtualEnvironment environment =
                work.installer().create(folder, work.request().console());
        work.installation(target(environment)).all(work.required());
        work.installer().completed(environment, work.request().console());
        return ready(environment);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        if (!environment.adopt(work.interpreter())) {
            return Optional.empty();
        }
        Relocation.of(environment);
        if (work.required().requirements().stream().anyMatch(Requirement::movable)) {
            Installation installation = work.installation(target(environment));
            installation.remove(movable(environment));
            installation.own(work.required());
        }
        return Optional.of(ready(environment));
    }

    @Override
    public Set<String> updatable() {
        return Set.of(PlanIdentity.REQUIREMENTS);
    }

    /** A package that is there and fits stays as it is, also where an index has a newer one. */
    @Override
    public Optional<PythonEnvironment> update(Path folder, Path builtAt) throws InterruptedException {
        VirtualEnvironment environment = new VirtualEnvironment(folder);
        if (!environment.adopt(work.interpreter())) {
            return Optional.empty();
        }
        Relocation.of(environment);
        Installation installation = work.installation(target(environment));
        installation.remove(movable(environment));
        installation.all(work.required());
        installation.remove(UnneededPackages.in(
                environment.packages(), work.required(), work.interpreter().markers()));
        return Optional.of(ready(environment));
    }

    private static List<String> movable(VirtualEnvironment environment) {
        return InstalledPackages.in(environment.packages()).all().stream()
                .filter(Installed::movable)
                .map(Installed::name)
                .toList();
    }

    private InstallationTarget target(VirtualEnvironment environment) {
        return InstallationTarget.of(environment, work.request().sources().root());
    }

    private PythonEnvironment ready(VirtualEnvironment environment) {
        return new PythonEnvironment(
                environment.folder(),
                environment.python(),
                Activation.of(environment, work.context().environment()),
                FrozenPackages.ofPip(frozen(environment)));
    }

    private List<String> frozen(VirtualEnvironment environment) {
        return FrozenEnvironment.of(
                environment,
                SystemPackages.of(work.context().settings(), work.interpreter()).folders(),
                work.interpreter().version(),
                work.required(),
                work.request().sources().root());
    }
}
