// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.ContentKey;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * Packages to be added to an environment that exists and belongs to all tasks, such as conda's base environment. One task at a
 * time installs into it; it is never removed.
 */
record SharedCondaPlan(CondaWork work, CondaPrefix prefix, SortedMap<String, String> identity)
        implements EnvironmentPlan {

    /** The packages of the environment must not be copied. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        FileLocks locks = new FileLocks(work.context().cacheFolder().resolve("locks"));
        String name =
                ContentKey.of(new TreeMap<>(Map.of("prefix", prefix.folder().toString())));
        try (FileLocks.Held _ = locks.take(
                name,
                () -> work.request()
                        .console()
                        .line("Waiting for another task that installs into '" + prefix.folder() + "'"))) {
            Files.createDirectories(folder);
            work.install(prefix, true);
            return work.ready(folder, prefix);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot install into '" + prefix.folder() + "': " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
        return Optional.empty();
    }
}
