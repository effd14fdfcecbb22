// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.plugin.pythonsupport.VirtualEnvironment;

/**
 * The files of a Python project: {@code pyproject.toml} and the lock file of one tool.
 *
 * @param folder where they lie
 * @param lockName the name of the lock file
 */
public record ProjectFiles(Path folder, String lockName) {

    private static final String PROJECT = "pyproject.toml";
    private static final Pattern TABLE = Pattern.compile("(?m)^\\s*\\[\\s*([A-Za-z0-9_.-]+)\\s*]");

    /**
     * The files in the root of a repository, or in the folder of the script.
     *
     * @param ofScript whether they are looked for in the folder of the script
     */
    public static ProjectFiles of(SourceTree sources, boolean ofScript, String lockName) {
        return new ProjectFiles(ofScript ? sources.scriptFolder() : sources.root(), lockName);
    }

    /** The lock file, if there is one. */
    public Optional<Path> lock() {
        return Optional.of(folder.resolve(lockName)).filter(Files::isRegularFile);
    }

    /**
     * Whether {@code pyproject.toml} has one of these tables or one below it. A file that holds only the settings of
     * formatters, say, describes no project.
     */
    boolean describesProject(Collection<String> tables) {
        Path file = folder.resolve(PROJECT);
        if (!Files.isRegularFile(file)) {
            return false;
        }
        return TABLE.matcher(text(file))
                .results()
                .map(found -> found.group(1))
                .anyMatch(
                        name -> tables.stream().anyMatch(table -> name.equals(table) || name.startsWith(table + ".")));
    }

    /**
     * Why there is no project to install; empty when there is one.
     *
     * @param tables the tables of {@code pyproject.toml} that describe a project for the tool
     */
    public Optional<String> missing(EnvironmentRequest request, Collection<String> tables) {
        if (!request.sources().repository()) {
            return Optional.of("the task has no repository");
        }
        if (request.target() instanceof Target.Existing) {
            return Optional.of("the packages go into an environment that exists");
        }
        return lock().isPresent() || describesProject(tables)
                ? Optional.empty()
                : Optional.of("the repository has neither " + lockName + " nor a project in " + PROJECT);
    }

    /** The contents of the files that decide what is installed. */
    public SortedMap<String, String> identity(Collection<String> more) {
        SortedMap<String, String> identity = new TreeMap<>();
        add(identity, PROJECT);
        add(identity, lockName);
        more.forEach(name -> add(identity, name));
        return identity;
    }

    private void add(SortedMap<String, String> identity, String name) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
            identity.put("file " + name, text(file));
        }
    }

    /** Remember the lock file that an installation wrote, so that copies of the environment are completed with the same. */
    void keepLock(VirtualEnvironment environment) {
        copy(folder.resolve(lockName), environment.folder().resolve(lockName));
    }

    /** Give the project the remembered lock file, unless it has one. */
    void returnLock(VirtualEnvironment environment) {
        if (lock().isEmpty()) {
            copy(environment.folder().resolve(lockName), folder.resolve(lockName));
        }
    }

    private static void copy(Path from, Path to) {
        if (!Files.isRegularFile(from)) {
            return;
        }
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot copy '" + from + "' to '" + to + "': " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1); // any bytes; only compared
        } catch (IOException e) {
            throw new AgentException(ErrorCode.TASK_INVALID, "cannot read '" + file + "': " + e.getMessage(), e);
        }
    }
}
