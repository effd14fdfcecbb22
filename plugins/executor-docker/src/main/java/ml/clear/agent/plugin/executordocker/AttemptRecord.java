// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

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
import ml.clear.agent.api.execution.ExecutionState;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * What is kept about the last attempt in the folder of an execution: how it ended, since its container is removed then.
 *
 * @param folder the folder of the execution
 */
record AttemptRecord(Path folder) {

    /** How an attempt ended; empty when that is not recorded, or of another attempt. */
    Optional<ExecutionState.Ended> end(AttemptId attempt) {
        Properties facts = new Properties();
        try {
            facts.load(new StringReader(Files.readString(file())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw failed("read", e);
        }
        return facts.getProperty("attempt", "").equals(attempt.value())
                ? Optional.of(new ExecutionState.Ended(
                        Integer.parseInt(facts.getProperty("exit", "1")), facts.getProperty("reason", "")))
                : Optional.empty();
    }

    /** Write down how it ended; nothing when the folder is gone, since the task is over then. */
    void ended(AttemptId attempt, ExecutionState.Ended state) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        String reason = state.reason().replace('\\', '/').replace('\n', ' ');
        String text = "attempt=" + attempt + "\nexit=" + state.exitCode() + "\nreason=" + reason + "\n";
        try {
            OwnerOnly.replace(file(), text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            // the folder was removed in this moment
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    private Path file() {
        return folder.resolve(ExecutionRequest.OWN_FILE);
    }

    private AgentException failed(String what, Exception cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot " + what + " '" + file() + "': " + cause
                        + "; see that the disk has room and the folder is yours",
                cause);
    }
}
