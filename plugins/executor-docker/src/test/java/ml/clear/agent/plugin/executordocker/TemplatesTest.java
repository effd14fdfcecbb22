// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.TaskId;
import org.junit.jupiter.api.Test;

class TemplatesTest {

    private static final TaskFacts TASK = new TaskFacts(
            new TaskId("0123456789abcdef0123456789abcdef"),
            " Train\nIt ",
            "",
            "",
            "u1",
            List.of("a", "b"),
            Script.NONE,
            Container.NONE);

    private final Templates templates = Templates.of(ExecutionRequest.builder(new AttemptId("a1"), TASK, Path.of("/x"))
            .queue("gpu")
            .environment(Map.of("CLEARML_WORKER_ID", "box:0"))
            .build());

    @Test
    void factsOfTheExecutionAreFilledIn() {
        assertThat(templates.filled(
                        "${CLEARML_QUEUE_NAME}/$CLEARML_QUEUE_NAME/${CLEARML_WORKER_ID}/${CLEARML_TASK.tags}"))
                .isEqualTo("gpu/gpu/box:0/a,b");
        assertThat(templates.filled("${CLEARML_PROJECT_NAME} ${CLEARML_PROJECT_ID:none}"))
                .isEqualTo("unknown unknown");
    }

    @Test
    void anEmptyFactTakesTheDefault() {
        assertThat(templates.filled("${CLEARML_TASK.script.branch:main}")).isEqualTo("main");
        assertThat(templates.filled("[${CLEARML_TASK.script.branch}]")).isEqualTo("[]");
    }

    @Test
    void operationsChangeAFact() {
        assertThat(templates.filled("${CLEARML_|TASK.name|strip|lower}")).isEqualTo("trainit");
        assertThat(templates.filled("${CLEARML_|QUEUE_NAME|capitalize|unknown}"))
                .isEqualTo("Gpu");
    }

    @Test
    void whatIsNotKnownStaysAsItIs() {
        assertThat(templates.filled("${CLEARML_CONFIG.agent.x:1} ${HOME} ${CLEARML_NOTHING} $CLEARML_QUEUE_NAMES"))
                .isEqualTo("${CLEARML_CONFIG.agent.x:1} ${HOME} ${CLEARML_NOTHING} $CLEARML_QUEUE_NAMES");
    }
}
