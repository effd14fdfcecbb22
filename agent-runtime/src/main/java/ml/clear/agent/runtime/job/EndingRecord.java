// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.process.ExecutionFolder;
import ml.clear.agent.runtime.process.StateFile;

/**
 * How a task ended, kept in its execution folder until the server knows: an execute process that dies before it could tell
 * leaves it to its successor, which need not judge again what it has not seen, such as an abort.
 */
final class EndingRecord {

    private final Path file;

    EndingRecord(ExecutionFolder folder) {
        this.file = folder.path().resolve("ending.properties");
    }

    /** What was kept. */
    Optional<Ending> read() {
        return StateFile.read(file)
                .map(facts -> new Ending(
                        facts.required("words"),
                        new Ending.Status(
                                Ending.Status.Kind.valueOf(facts.required("status")), facts.required("reason")),
                        (int) facts.requiredNumber("exit")));
    }

    /** Keep it. */
    void write(Ending ending) {
        try {
            StateFile.write(
                    file,
                    Map.of(
                            "words", ending.words(),
                            "status", ending.status().kind().name(),
                            "reason", ending.status().reason(),
                            "exit", Integer.toString(ending.exitCode())));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write '" + file + "': " + e + "; see that the disk has room", e);
        }
    }
}
