// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.file.Folders;

/**
 * The folder for the temporary files of one run of pip, inside the environment that it works on: a killed pip does not
 * delete them, so they are deleted with the environment.
 *
 * @param path where it lies
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    /** Make it inside a folder. */
    public static TemporaryFolder in(Path folder) throws IOException {
        return new TemporaryFolder(Files.createDirectories(folder.resolve("tmp")));
    }

    /** The variables that make a program use the folder. */
    public Map<String, String> variables() {
        return Map.of("TMPDIR", path.toString());
    }

    @Override
    public void close() throws IOException {
        Folders.delete(path);
    }
}
