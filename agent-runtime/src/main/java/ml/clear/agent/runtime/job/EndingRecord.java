// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.runtime.execution.ExecutionFiles;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.process.StateFile;

/**
 * How a task ended, kept in its execution folder until it is reported to the server. When an execute process dies
 * before it has reported the end, its successor reads the record: it could not decide again about what it has not seen,
 * such as an abort.
 */
final class EndingRecord {

    private static final System.Logger LOG = System.getLogger(EndingRecord.class.getName());

    private final Path file;

    EndingRecord(ExecutionFolder folder) {
        this.file = folder.path().resolve(ExecutionFiles.ENDING);
    }

    /** What was kept; one that is damaged counts for nothing. */
    Optional<Ending> read() {
        try {
            return StateFile.read(file)
                    .map(facts -> new Ending(
                            facts.required("words"),
                            new Ending.Status(
                                    Ending.Status.Kind.valueOf(facts.required("status")), facts.required("reason")),
                            (int) facts.requiredNumber("exit")));
        } catch (AgentException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "''{0}'' is not used: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Keep it. Where the disk has no room for it a successor, if there is one, judges again by what the keeper wrote. */
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
            LOG.log(System.Logger.Level.WARNING, "cannot write ''{0}'': {1}", file, e.toString());
        }
    }
}
