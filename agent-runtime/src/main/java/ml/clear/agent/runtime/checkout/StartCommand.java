// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.process.ShellText;

/**
 * The argument lists that start a task's code.
 *
 * @param notebooks what must be converted before, at most one
 * @param command the user's process
 * @param scriptFile the file that is started; the script folder where there is none
 */
public record StartCommand(List<Notebook> notebooks, List<String> command, Path scriptFile) {

    /** Copies the lists. */
    public StartCommand {
        notebooks = List.copyOf(notebooks);
        command = List.copyOf(command);
    }

    /**
     * Build the lists.
     *
     * @param code what to start
     * @param python the command of the environment's interpreter
     * @param flags further flags of the interpreter, such as {@code -O}
     * @param environment the variables of the user's process, for {@code $NAME} behind {@code -m}, and {@code SHELL}
     */
    public static StartCommand of(
            PreparedCode code, List<String> python, List<String> flags, Map<String, String> environment) {
        return switch (code.language()) {
            case PYTHON -> python(code, interpreter(python, flags), environment);
            case SHELL -> shell(code, environment);
        };
    }

    private static StartCommand python(PreparedCode code, List<String> interpreter, Map<String, String> environment) {
        String text = code.entryPoint();
        boolean wholeFile = isFile(code.scriptFolder(), text);
        boolean expands = text.startsWith("-m ") && text.indexOf('$') >= 0;
        List<String> words = wholeFile ? List.of(text) : words(expands ? ShellText.expanded(text, environment) : text);
        refuseNothing(words);
        String first = words.getFirst();
        Path file = first.startsWith("-")
                ? code.scriptFolder()
                : code.scriptFolder().resolve(first);
        if (!Notebook.isNotebook(first)) {
            return new StartCommand(List.of(), joined(interpreter, words), file);
        }
        String converted = Notebook.scriptOf(first);
        Notebook notebook = new Notebook(file, code.scriptFolder().resolve(converted));
        List<String> arguments = joined(List.of(converted), words.subList(1, words.size()));
        return new StartCommand(List.of(notebook), joined(interpreter, arguments), notebook.script());
    }

    /** An interpreter or a shell without a script ends at once, and well, so the task would be completed. */
    private static void refuseNothing(List<String> words) {
        if (words.isEmpty()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "the task has no entry point, so there is nothing to run; set script.entry_point of the task");
        }
    }

    private static List<String> words(String entryPoint) {
        try {
            return ShellWords.split(entryPoint);
        } catch (IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "entry point '" + entryPoint + "' cannot be split into words: " + e.getMessage() + "; correct it",
                    e);
        }
    }

    private static StartCommand shell(PreparedCode code, Map<String, String> environment) {
        String text = code.entryPoint();
        String shell = shellOf(environment);
        if (text.startsWith("-c ")) {
            return new StartCommand(
                    List.of(), List.of(shell, "-c", text.substring(3).strip()), code.scriptFolder());
        }
        List<String> words = isFile(code.scriptFolder(), text) ? List.of(text) : words(text);
        refuseNothing(words);
        Path file = words.getFirst().startsWith("-")
                ? code.scriptFolder()
                : code.scriptFolder().resolve(words.getFirst());
        return new StartCommand(List.of(), joined(List.of(shell), words), file);
    }

    private static String shellOf(Map<String, String> environment) {
        String shell = environment.getOrDefault("SHELL", "");
        if (!shell.isBlank()) {
            return shell;
        }
        return Files.isExecutable(Path.of("/bin/bash")) ? "/bin/bash" : "/bin/sh";
    }

    private static List<String> interpreter(List<String> python, List<String> flags) {
        return joined(joined(python, List.of("-u")), flags);
    }

    private static boolean isFile(Path folder, String text) {
        try {
            return !text.isEmpty() && Files.isRegularFile(folder.resolve(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static List<String> joined(List<String> left, List<String> right) {
        List<String> both = new ArrayList<>(left);
        both.addAll(right);
        return both;
    }
}
