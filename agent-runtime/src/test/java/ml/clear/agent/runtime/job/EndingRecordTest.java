// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.runtime.execution.ExecutionFolder;
import ml.clear.agent.runtime.execution.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndingRecordTest {

    @TempDir
    private Path executions;

    @Test
    void anotherProcessFindsTheEndingAsItWasJudged() {
        Ending ending = Ending.of(new Outcome.Exited(3), Optional.of(AbortReason.STOP_REQUESTED));
        try (ExecutionFolder folder =
                ExecutionFolder.create(executions, new TaskId("0123456789abcdef0123456789abcdef"))) {
            EndingRecord record = new EndingRecord(folder);
            assertThat(record.read()).isEmpty();

            record.write(ending);

            assertThat(new EndingRecord(folder).read()).contains(ending);
        }
    }
}
