// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified Python SDK writes and, in a fresh process, reads back and compares values. */
@Tag("thorough")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkIT {

    private static final List<String> PACKAGES = List.of("clearml==2.1.12", "matplotlib==3.10.7", "pandas==2.3.3");
    private static final String ALL_THE_SAME = "all values are the same";

    private EmbeddedServerService service;
    private PythonEnvironment python;
    private String folder;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder.toString();
        Files.createDirectories(folder.resolve("state"));
        service = new EmbeddedServerService(TestContext.in(folder.resolve("state")));
        python = PythonEnvironment.of("clearml-2.1.12", PACKAGES, folder, service.ensureRunning());
    }

    @AfterAll
    void stop() throws InterruptedException {
        service.stop();
    }

    private void writtenAndReadBack(String writer, String reader) throws Exception {
        String task = python.python(writer, folder).lastLine();
        assertThat(task).matches("[0-9a-f]{32}");
        assertThat(python.python(reader, task).lastLine()).isEqualTo(ALL_THE_SAME);
    }

    @Test
    void everythingReportedIsReadBackByValue() throws Exception {
        writtenAndReadBack("report.py", "read_back.py");
    }

    @Test
    void figuresPicturesAndTablesAreReadBackByValue() throws Exception {
        writtenAndReadBack("show.py", "look.py");
    }

    @Test
    void artifactsParametersConfigurationsAndModelsAreReadBackByValue() throws Exception {
        writtenAndReadBack("produce.py", "collect.py");
    }

    @Test
    void tasksAreMadeCopiedQueuedAndReset() throws Exception {
        readBack("managed.py", python.python("manage.py").firstLine("managed: .*"));
    }

    @Test
    void tasksAreFoundByEveryFilter() throws Exception {
        readBack("search.py", python.python("hide.py").firstLine("hidden: .*"));
    }

    @Test
    void dataSetAndPipelineRunToTheirEnd() throws Exception {
        readBack("built.py", python.python("build_on.py", folder).firstLine("built: .*"));
    }

    /** What a program left is looked for by another one, which gets the ids that the first printed. */
    private void readBack(String reader, String left) throws Exception {
        String[] ids = left.substring(left.indexOf(' ') + 1).split(" ", -1);
        assertThat(python.python(reader, ids).lastLine()).isEqualTo(ALL_THE_SAME);
    }

    @Test
    void processesThatShareASessionOverAForkGetTheirOwnAnswers() throws Exception {
        assertThat(python.python("fork.py", python.endpoint().api().toString()).lastLine())
                .isEqualTo(ALL_THE_SAME);
    }
}
