// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What was written before the execute process began, in the folder of an execution: lines of the executor, and the output of
 * scripts that prepared the place.
 *
 * @param file the file, which need not exist
 */
public record SetupLog(Path file) {

    private static final System.Logger LOG = System.getLogger(SetupLog.class.getName());

    /** The one in the folder of an execution. */
    public static SetupLog in(Path folder) {
        return new SetupLog(folder.resolve(ExecutionFiles.SETUP_LOG));
    }

    /** Give its lines away once: it is removed then. A log that cannot be read keeps no task from running. */
    public void moveTo(Consumer<String> lines) {
        // bytes that are no text are replaced, since any program may have written them
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines);
            Files.delete(file);
        } catch (NoSuchFileException e) {
            // nothing was prepared
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the lines in ''{0}'' are not in the task''s log: {1}",
                    file,
                    e.toString());
        }
    }
}
