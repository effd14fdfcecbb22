// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
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
record ExistingPlan(PipPlan.Work work, Interpreter interpreter, SortedMap<String, String> identity)
        implements EnvironmentPlan {

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
        if (interpreter.pip().isEmpty()) {
            throw new AgentException(
                    ErrorCode.PROGRAM_MISSING,
                    "Python " + interpreter.version() + " at '" + interpreter.executable()
                            + "' has no pip to install requirements with; install it, or unset "
                            + "CLEARML_AGENT_SKIP_PIP_VENV_INSTALL");
        }
        FileLocks locks = new FileLocks(work.tools().context().cacheFolder().resolve("locks"));
        String name = Integer.toHexString(interpreter.executable().toString().hashCode());
        try (FileLocks.Held _ = locks.take(
                "existing-" + name,
                () -> work.request()
                        .console()
                        .line("Waiting for another task that installs into '" + interpreter.executable() + "'"))) {
            Files.createDirectories(folder);
            InstallationTarget target = InstallationTarget.of(interpreter, folder);
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
        Path commands = Objects.requireNonNull(interpreter.executable().getParent());
        Path environment = Objects.requireNonNull(commands.getParent());
        if (!Files.exists(environment.resolve("pyvenv.cfg"))) {
            return Map.of();
        }
        String path = work.tools().context().environment().getOrDefault("PATH", "");
        return Map.of(
                "VIRTUAL_ENV",
                environment.toString(),
                "PATH",
                commands + (path.isEmpty() ? "" : File.pathSeparator + path));
    }

    private List<String> frozen(InstallationTarget target) throws InterruptedException {
        Path root = work.request().sources().root();
        CommandResult result =
                work.tools().context().commands().run(work.tools().commands().freeze(target.python(), root));
        if (!result.succeeded()) {
            throw PipFailure.of(result, "'" + interpreter.executable() + "' (pip freeze)");
        }
        return new FrozenRequirements(work.required(), root)
                .ofFreeze(result.output()
                        .lines()
                        .filter(line -> !line.contains("clearml-agent"))
                        .toList());
    }
}
