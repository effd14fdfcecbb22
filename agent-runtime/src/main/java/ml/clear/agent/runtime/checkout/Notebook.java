// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;

/**
 * A notebook that a task starts. It becomes a script by a converter of the agent's own, so that a task needs nothing installed
 * for it.
 *
 * @param source the notebook
 * @param script the script, beside it
 */
public record Notebook(Path source, Path script) {

    private static final String SUFFIX = ".ipynb";
    private static final String CONVERTER = "notebook.py";
    private static final String MAGICS = "magics.py";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Whether a file of this name is a notebook. */
    static boolean isNotebook(String name) {
        return name.endsWith(SUFFIX);
    }

    /** The name of the script. */
    static String scriptOf(String name) {
        return name.substring(0, name.length() - SUFFIX.length()) + ".py";
    }

    /**
     * Write the script.
     *
     * @param python an interpreter, 3.6 or newer
     * @param scratch a folder for the converter; exists
     * @throws AgentException {@code TASK_INVALID} when the file is no notebook of Python
     */
    public void convert(Path python, Path scratch, CommandRunner commands) throws InterruptedException {
        Path folder = scratch.resolve("notebook");
        try {
            Files.createDirectories(folder);
            copy(CONVERTER, folder);
            copy(MAGICS, folder);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write to '" + folder + "': " + e.getMessage(), e);
        }
        CommandResult result = commands.run(Command.of(python.toString(), "-I", "-S")
                .arguments(List.of(
                        folder.resolve(CONVERTER).toString(),
                        source.toString(),
                        script.toString(),
                        folder.resolve(MAGICS).toString()))
                .timeout(LIMIT)
                .build());
        if (!result.succeeded()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "the notebook cannot be converted: " + result.errors().strip());
        }
    }

    private static void copy(String resource, Path folder) throws IOException {
        try (InputStream content = Objects.requireNonNull(Notebook.class.getResourceAsStream(resource), resource)) {
            Files.write(folder.resolve(resource), content.readAllBytes());
        }
    }
}
