// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executorvenv;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;

/**
 * The last attempt in the folder of an execution: written before its process is started, and again when the process is
 * known.
 */
final class AttemptFile {

    private final Path file;

    AttemptFile(Path folder) {
        this.file = folder.resolve(ExecutionRequest.OWN_FILE);
    }

    /**
     * The content of the file.
     *
     * @param attempt the attempt, as text
     * @param process its process, as text; empty when the process was not recorded
     */
    record Content(String attempt, String process) {

        boolean isOf(AttemptId id) {
            return attempt.equals(id.value());
        }
    }

    Optional<Content> read() {
        Properties facts = new Properties();
        try {
            facts.load(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw failed("read", e);
        }
        return Optional.of(new Content(facts.getProperty("attempt", ""), facts.getProperty("process", "")));
    }

    void begin(AttemptId attempt) {
        write("attempt=" + attempt + "\n");
    }

    void started(AttemptId attempt, ProcessIdentity process) {
        write("attempt=" + attempt + "\nprocess=" + process + "\n");
    }

    private void write(String text) {
        try {
            OwnerOnly.replace(file, text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    private AgentException failed(String what, Exception cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot " + what + " '" + file + "': " + cause + "; see that the disk has room and the folder is yours",
                cause);
    }
}
