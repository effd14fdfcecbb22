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
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;

/**
 * A ready environment: a folder, which is used as it is and never written, or an archive that conda-pack made, which is unpacked
 * for the task and gets the task's packages.
 *
 * @param source the folder or the archive
 */
record ReadyCondaPlan(CondaWork work, Path source) implements EnvironmentPlan {

    @Override
    public SortedMap<String, String> identity() {
        return new TreeMap<>(Map.of("manager", "conda", "ready environment", source.toString()));
    }

    /** It may change at any time, and is ready anyway. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        if (Files.isDirectory(source)) {
            work.request().console().line("Using the conda environment '" + source + "' as it is");
            return work.ready(folder, usable(new CondaPrefix(source)));
        }
        unpack(folder);
        CondaPrefix prefix = usable(new CondaPrefix(folder));
        work.install(prefix, true);
        return work.ready(folder, prefix);
    }

    private CondaPrefix usable(CondaPrefix prefix) {
        if (!CondaPrefix.isOne(prefix.folder()) || !Files.isExecutable(prefix.python())) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "'" + source + "' holds no conda environment with Python; name one in "
                            + CondaSettings.READY_ENVIRONMENT + " or, with " + CondaSettings.IMAGE_IS_ENVIRONMENT
                            + ", as the container image of the task");
        }
        return prefix;
    }

    private void unpack(Path folder) throws InterruptedException {
        work.request().console().line("Unpacking the conda environment '" + source + "'");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot make '" + folder + "': " + e.getMessage(), e);
        }
        run(Command.of("tar", "-xf", source.toString(), "-C", folder.toString()).build());
        Path correction = folder.resolve("bin/conda-unpack");
        if (Files.exists(correction)) {
            run(Command.of(folder.resolve("bin/python").toString(), correction.toString())
                    .directory(folder)
                    .build());
        }
    }

    private void run(Command command) throws InterruptedException {
        CommandResult result = work.context().commands().run(command);
        if (!result.succeeded()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "cannot unpack the conda environment '" + source + "': " + CondaFailure.last(result.errors()));
        }
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
        return Optional.empty();
    }
}
