// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * The folder with the start script and the variables of one attempt, secrets among them, which only the container's user
 * reads.
 *
 * @param path the folder
 */
record AttemptFolder(Path path) {

    /**
     * Write it.
     *
     * @param user the number of the container's user; empty for root
     */
    void write(String script, String variables, String user) {
        try {
            Folders.delete(path);
            OwnerOnly.createFolders(path);
            OwnerOnly.write(path.resolve(StartScript.FILE), script.getBytes(StandardCharsets.UTF_8));
            OwnerOnly.write(path.resolve(StartScript.VARIABLES), variables.getBytes(StandardCharsets.UTF_8));
            giveTo(user, List.of(path, path.resolve(StartScript.FILE), path.resolve(StartScript.VARIABLES)));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot write '" + path + "' for the container: " + e + "; check agent.state_dir",
                    e);
        }
    }

    /** Give files to a user of a container; does nothing for root, or where they are that user's already. */
    static void giveTo(String user, List<Path> files) throws IOException {
        String number = user.split(":", 2)[0];
        if (!number.matches("[1-9]\\d*")) {
            return;
        }
        Integer wanted = Integer.valueOf(number);
        for (Path file : files) {
            if (!wanted.equals(Files.getAttribute(file, "unix:uid"))) {
                Files.setAttribute(file, "unix:uid", wanted);
            }
        }
    }

    void remove() {
        try {
            Folders.delete(path);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot remove '" + path + "': " + e, e);
        }
    }
}
