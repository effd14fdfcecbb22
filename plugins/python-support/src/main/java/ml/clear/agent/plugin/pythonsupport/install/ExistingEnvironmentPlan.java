// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.ContentKey;
import ml.clear.agent.api.file.FileLocks;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;
import ml.clear.agent.plugin.pythonsupport.FrozenRequirements;
import ml.clear.agent.plugin.pythonsupport.Interpreter;

/**
 * Requirements to be installed into the environment of an interpreter that exists. One task at a time installs into it; the
 * environment itself is never removed.
 */
record ExistingEnvironmentPlan(InstallationJob work, SortedMap<String, String> identity) implements EnvironmentPlan {

    /** The packages of the interpreter must not be copied. */
    @Override
    public boolean cacheable() {
        return false;
    }

    /**
     * Install.
     *
     * @param folder for temporary files
     */
    @Override
    public PythonEnvironment build(Path folder) throws InterruptedException {
        Interpreter interpreter = work.interpreter();
        work.installer().requireUsable(interpreter);
        FileLocks locks = new FileLocks(work.context().cacheFolder().resolve("locks"));
        String name = "existing-"
                + ContentKey.of(new TreeMap<>(
                                Map.of("python", interpreter.executable().toString())))
                        .substring(0, 16);
        try (FileLocks.Held _ = locks.take(
                name,
                () -> work.request()
                        .console()
                        .line("Waiting for another task that installs into '" + interpreter.executable() + "'"))) {
            Files.createDirectories(folder);
            InstallationTarget target = InstallationTarget.of(
                    interpreter, folder, work.request().sources().root());
            work.installation(target).all(work.required());
            return new PythonEnvironment(
                    folder, interpreter.executable(), variables(), FrozenPackages.ofPip(frozen(target)));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot install into '" + interpreter.executable() + "': " + e.getMessage(),
                    e);
        }
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
        return Optional.empty();
    }

    /** A virtual environment is made the active one; other interpreters are used as they are. */
    private Map<String, String> variables() {
        Path commands = Objects.requireNonNull(work.interpreter().executable().getParent());
        Path environment = Objects.requireNonNull(commands.getParent());
        return Files.exists(environment.resolve("pyvenv.cfg"))
                ? Activation.of(environment, commands, work.context().environment())
                : Map.of();
    }

    private List<String> frozen(InstallationTarget target) throws InterruptedException {
        CommandResult result = work.installer().freeze(target);
        if (!result.succeeded()) {
            throw work.installer().failure(result, List.of());
        }
        return new FrozenRequirements(work.required(), target.directory())
                .ofFreeze(FrozenEnvironment.withoutAgent(result));
    }
}
