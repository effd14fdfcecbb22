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
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.WorkingCopy;
import ml.clear.agent.runtime.checkout.Checkouts;

/**
 * Describes a script on this machine as the script of a task: by repository, commit and changes where its code lies in one or is
 * kept in one, else by its text.
 */
public final class ScriptSource {

    private static final String DEFAULT_REQUIREMENTS = "requirements.txt";

    private final UserCode code;

    /**
     * A source of scripts.
     *
     * @param checkouts finds working copies, and keeps their commits for the run to come
     * @param store where code is kept that no repository has
     * @param console where included and excluded files are reported
     */
    public ScriptSource(Checkouts checkouts, CodeStore store, Console console) {
        this.code = new UserCode(checkouts, store, console);
    }

    /**
     * A script as a task has it.
     *
     * @param script the script
     * @param onlyHere whether its code can be checked out on this machine alone
     */
    public record Described(Script script, boolean onlyHere) {}

    /**
     * Describe a script.
     *
     * @throws AgentException {@code TASK_INVALID} when a file cannot be read, {@code FILE_SYSTEM} when code cannot be kept
     */
    public Described describe(ScriptRequest request) throws InterruptedException {
        Path file = absolute(request.script());
        Requirements requirements = requirements(request, file);
        Optional<UserCode.Found> found = request.scriptOnly() ? Optional.empty() : code.around(file);
        return found.map(around -> new Described(inRepository(around, file, request, requirements), around.onlyHere()))
                .orElseGet(() -> new Described(alone(file, request, requirements), false));
    }

    /** Links in the way to the file are followed, as the roots of working copies have none. */
    private static Path absolute(Path script) {
        Path file = script.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "there is no file '" + script + "'; give the path of a script");
        }
        try {
            return folderOf(file).toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            throw new AgentException(ErrorCode.TASK_INVALID, "cannot find the folder of '" + script + "': " + e, e);
        }
    }

    private static Script inRepository(
            UserCode.Found found, Path file, ScriptRequest request, Requirements requirements) {
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
                found.diff(),
                requirements);
    }

    private static Script alone(Path file, ScriptRequest request, Requirements requirements) {
        return new Script(request.python(), "", "", "", "", ".", entryPoint(file, request), read(file), requirements);
    }

    private static String entryPoint(Path file, ScriptRequest request) {
        return Stream.concat(Stream.of(file.getFileName().toString()), request.arguments().stream())
                .map(ScriptSource::quoted)
                .collect(Collectors.joining(" "));
    }

    /** Agents replace variables in an entry point even inside quotes, so no name may follow a dollar sign. */
    private static String quoted(String word) {
        return ShellWords.quote(word).replace("$", "$''");
    }

    static Path folderOf(Path file) {
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
