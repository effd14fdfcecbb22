// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.WorkingCopy;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.UserCopy;

/**
 * Describes a script on this machine so that any machine can run it: by its repository, commit and changes when it lies in a
 * working copy with an origin, else by its text.
 */
public final class ScriptSource {

    private static final String DEFAULT_REQUIREMENTS = "requirements.txt";
    private static final long LARGEST_DIFF = 4_000_000;

    private final Checkouts checkouts;
    private final Console console;

    /**
     * A source of scripts.
     *
     * @param checkouts finds working copies, and keeps their commits for the run to come
     * @param console where progress is told
     */
    public ScriptSource(Checkouts checkouts, Console console) {
        this.checkouts = checkouts;
        this.console = console;
    }

    /**
     * Describe a script.
     *
     * @throws AgentException {@code TASK_INVALID} when a file cannot be read
     */
    public Script describe(ScriptRequest request) throws InterruptedException {
        Path file = request.script().toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "there is no file '" + request.script() + "'; give the path of a script");
        }
        Requirements requirements = requirements(request, file);
        Optional<UserCopy> workingCopy = request.scriptOnly() ? Optional.empty() : workingCopy(file);
        return workingCopy.isPresent()
                ? inRepository(workingCopy.get(), file, request, requirements)
                : alone(file, request, requirements);
    }

    private Optional<UserCopy> workingCopy(Path file) throws InterruptedException {
        Optional<UserCopy> found = checkouts
                .workingCopy(folderOf(file))
                .filter(each ->
                        !each.copy().origin().isEmpty() && !each.copy().commit().isEmpty());
        if (found.isPresent()) {
            checkouts.remember(found.get(), console);
        }
        return found;
    }

    private Script inRepository(UserCopy found, Path file, ScriptRequest request, Requirements requirements)
            throws InterruptedException {
        WorkingCopy copy = found.copy();
        Path folder = copy.root().relativize(folderOf(file));
        String workingDirectory = folder.toString().isEmpty() ? "." : folder.toString();
        return new Script(
                request.python(),
                copy.origin(),
                copy.branch(),
                "",
                copy.commit(),
                workingDirectory,
                entryPoint(file, request),
                diff(found),
                requirements);
    }

    private String diff(UserCopy copy) throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("clearml-agent-");
            try {
                Path file = folder.resolve("uncommitted.diff");
                checkouts.writeDiff(copy, file);
                if (Files.size(file) > LARGEST_DIFF) {
                    throw new AgentException(
                            ErrorCode.TASK_INVALID,
                            "the uncommitted changes in '" + copy.copy().root() + "' take "
                                    + Files.size(file) / 1_000_000 + " MB, more than a task can carry; commit them");
                }
                return Files.readString(file);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the uncommitted changes in '" + copy.copy().root() + "' cannot be kept: " + e.getMessage(),
                    e);
        }
    }

    private static Script alone(Path file, ScriptRequest request, Requirements requirements) {
        return new Script(request.python(), "", "", "", "", ".", entryPoint(file, request), read(file), requirements);
    }

    private static String entryPoint(Path file, ScriptRequest request) {
        return Stream.concat(Stream.of(file.getFileName().toString()), request.arguments().stream())
                .map(ScriptSource::quoted)
                .collect(Collectors.joining(" "));
    }

    /** Agents replace variables in an entry point, whatever the quotes around them: no name may follow a dollar. */
    private static String quoted(String word) {
        return ShellWords.quote(word).replace("$", "$''");
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "an absolute path of a file has a folder");
    }

    private static Requirements requirements(ScriptRequest request, Path script) {
        Path named = request.requirements();
        if (named != null) {
            return Requirements.ofPip(lines(named));
        }
        Path beside = script.resolveSibling(DEFAULT_REQUIREMENTS);
        return Files.isRegularFile(beside) ? Requirements.ofPip(lines(beside)) : Requirements.NONE;
    }

    private static List<String> lines(Path file) {
        return read(file).lines().toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "cannot read '" + file + "' as UTF-8 text: " + e.getMessage()
                            + "; check that the file exists and may be read",
                    e);
        }
    }
}
