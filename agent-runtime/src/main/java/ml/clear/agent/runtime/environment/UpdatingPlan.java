// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * A plan whose environment may be made from another one, where a package that fits keeps its version. Agents that always build new
 * environments do not get it, so its identity says so; the environment that it is made from may be of either kind.
 */
record UpdatingPlan(EnvironmentPlan plan) implements EnvironmentPlan {

    private static final String UPDATED = "venv_update";

    /** The plan itself where its package manager cannot update. */
    static EnvironmentPlan of(EnvironmentPlan plan) {
        return plan.updatable().isEmpty() ? plan : new UpdatingPlan(plan);
    }

    @Override
    public SortedMap<String, String> identity() {
        return updated(plan.identity());
    }

    @Override
    public Optional<SortedMap<String, String>> portableIdentity() throws InterruptedException {
        return plan.portableIdentity().map(UpdatingPlan::updated);
    }

    private static SortedMap<String, String> updated(SortedMap<String, String> identity) {
        SortedMap<String, String> updated = new TreeMap<>(identity);
        updated.put(UPDATED, "true");
        return updated;
    }

    @Override
    public Set<String> updatable() {
        Set<String> differing = new HashSet<>(plan.updatable());
        differing.add(UPDATED);
        return differing;
    }

    @Override
    public boolean cacheable() {
        return plan.cacheable();
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        return plan.build(folder);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException {
        return plan.restore(folder, builtAt);
    }

    @Override
    public Optional<PythonEnvironment> update(Path folder, Path builtAt) throws InterruptedException {
        return plan.update(folder, builtAt);
    }
}
