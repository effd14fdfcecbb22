// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;

/** A new environment of the task's own. */
record CondaPlan(CondaWork work, SortedMap<String, String> identity) implements EnvironmentPlan {

    @Override
    public boolean cacheable() {
        return true;
    }

    /** Solvers and wheels have regard to the C library of the machine. */
    @Override
    public Optional<SortedMap<String, String>> portableIdentity() throws InterruptedException {
        return Machine.libc(work.context().commands()).map(libc -> {
            SortedMap<String, String> portable = new TreeMap<>(identity);
            portable.put("libc", libc);
            return portable;
        });
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        CondaPrefix prefix = new CondaPrefix(folder);
        work.install(prefix, false);
        return work.ready(folder, prefix);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) throws InterruptedException {
        CondaPrefix prefix = new CondaPrefix(folder);
        if (!Files.isExecutable(prefix.python()) || !CondaRelocation.of(prefix, builtAt)) {
            return Optional.empty();
        }
        work.renew(prefix);
        return Optional.of(work.ready(folder, prefix));
    }
}
