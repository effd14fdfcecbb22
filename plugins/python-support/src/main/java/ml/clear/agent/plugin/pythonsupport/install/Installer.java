// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;
import ml.clear.agent.plugin.pythonsupport.tool.TemporaryFolder;

/**
 * A program that installs the lines of requirements files: pip, or one that takes its place. Made for one plan; used by one
 * thread.
 */
public interface Installer {

    /** All about it that decides what is installed: its name and version, its options. Values carry no password. */
    SortedMap<String, String> identity();

    /**
     * Make an empty environment that it can install into.
     *
     * @param folder absolute; made if absent, empty before
     */
    VirtualEnvironment create(Path folder, Console console) throws InterruptedException;

    /** Called once after a new environment is complete: an installer may keep what helps to make the next one. */
    default void completed(VirtualEnvironment environment, Console console) throws InterruptedException {}

    /**
     * Check that it can install into the environment of an interpreter.
     *
     * @throws AgentException {@code PROGRAM_MISSING} saying what to install
     */
    void requireUsable(Interpreter existing);

    /**
     * Install what a file lists.
     *
     * @param file a requirements file
     * @param sources the repositories that the file names
     */
    CommandResult install(
            InstallationTarget target,
            Path file,
            List<RepositoryAddress> sources,
            TemporaryFolder temporary,
            Console console)
            throws InterruptedException;

    /** Remove packages. */
    CommandResult uninstall(InstallationTarget target, List<String> packages, Console console)
            throws InterruptedException;

    /** List what the interpreter sees, packages of the system included, as lines of a requirements file. */
    CommandResult freeze(InstallationTarget target) throws InterruptedException;

    /** Whether a package build failed, which may succeed after other packages are installed. */
    boolean buildFailed(CommandResult result);

    /**
     * The error for an installation that failed.
     *
     * @param requirements what was to be installed; names one of them if the output does
     */
    AgentException failure(CommandResult result, List<Requirement> requirements);
}
