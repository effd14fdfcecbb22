// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.runtime.checkout.Language;
import ml.clear.agent.runtime.checkout.PreparedCode;

/**
 * {@code agent.force_task_init}: a script that does not connect to ClearML itself is changed to, and the SDK is added to what it
 * requires. Only the task's own copy of the code is changed.
 *
 * @param wanted whether it is switched on
 */
record TaskInit(boolean wanted) {

    private static final String SDK = "clearml";
    private static final Pattern SDK_LINE = Pattern.compile("(?i)\\s*clearml\\s*(?:$|[\\[=<>!~;@#].*)");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /**
     * What the task requires, with the SDK. Where the task itself names nothing, the first requirements file of its repository
     * gets the line, as with the Python agent.
     */
    Requirements requirements(Task task, PreparedCode code) {
        Requirements own = task.script().requirements();
        if (!wanted || code.language() != Language.PYTHON || !own.conda().isEmpty() || names(own.pip())) {
            return own;
        }
        if (own.isEmpty() && code.isRepository() && addToFile(code)) {
            return own;
        }
        List<String> pip = new ArrayList<>(own.pip());
        pip.add(SDK);
        return new Requirements(pip, own.conda(), own.originalPip(), own.originalConda());
    }

    /** Change the script, which is a file of the task's own sources. */
    void insert(Path script, Path sources, Path interpreter, CommandRunner commands, Console console)
            throws InterruptedException {
        if (!wanted) {
            return;
        }
        if (!script.startsWith(sources) || !Files.isRegularFile(script)) {
            console.line("no Task.init() is added: the entry point is no file of the task's own copy of the code");
            return;
        }
        CommandResult result = commands.run(Command.of(interpreter.toString(), "-I", "-c", program(), script.toString())
                .timeout(LIMIT)
                .build());
        console.line(
                result.succeeded()
                        ? result.output().strip()
                        : "no Task.init() is added, '" + script.getFileName() + "' cannot be read as Python: "
                                + result.errors().strip().lines().reduce("", (before, line) -> line));
    }

    private static boolean names(List<String> lines) {
        return lines.stream().anyMatch(line -> SDK_LINE.matcher(line).matches());
    }

    /** Whether a file of the repository names what it requires. */
    private static boolean addToFile(PreparedCode code) {
        Path folder = code.root();
        Path below = code.root().relativize(code.scriptFolder());
        for (int depth = 0; depth <= below.getNameCount(); depth++) {
            Path file = folder.resolve("requirements.txt");
            if (Files.isRegularFile(file)) {
                add(file);
                return true;
            }
            folder = depth < below.getNameCount() ? folder.resolve(below.getName(depth)) : folder;
        }
        return false;
    }

    private static void add(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Charset charset = isUtf16(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1;
            String text = new String(bytes, charset);
            if (!names(text.lines().toList())) {
                String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
                Files.write(file, (text + end + SDK + "\n").getBytes(charset));
            }
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot add '" + SDK + "' to '" + file + "': " + e, e);
        }
    }

    private static boolean isUtf16(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        return mark == 0xFEFF || mark == 0xFFFE;
    }

    private static String program() {
        try (InputStream in = TaskInit.class.getResourceAsStream("task_init.py")) {
            if (in == null) {
                throw new AgentException(ErrorCode.INTERNAL, "the agent's own file 'task_init.py' is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.INTERNAL, "the agent's own file 'task_init.py' cannot be read", e);
        }
    }
}
