// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.TransferLimits;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import ml.clear.agent.runtime.config.ConfigurationLoader;
import ml.clear.agent.runtime.config.Declarations;
import ml.clear.agent.runtime.storage.Storage;
import ml.clear.agent.runtime.storage.StorageSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskStorageTest {

    private static final String NOTE = """
            # WARNING! git diff too large to store, clear this section to execute without it.
            # full git diff available in Artifacts/auxiliary_git_diff
            """;

    /** Where the store must not be used. */
    private static RuntimeException unused() {
        return new IllegalStateException("the store is used");
    }

    private final FakeTaskService tasks = new FakeTaskService();
    private final List<String> console = new ArrayList<>();

    @TempDir
    private Path folder;

    private Storage storage(RuntimeException failure) {
        StorageBackend failing = (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (_, method, _) -> {
                    if (method.getName().equals("limits")) {
                        return TransferLimits.DEFAULT;
                    }
                    throw failure;
                });
        return new Storage(
                _ -> failing,
                new ConfigurationLoader(Map.of(), folder)
                        .load()
                        .check(List.of(new Declarations("agent", StorageSettings.all())), List.of())
                        .configuration(),
                folder.resolve("state"));
    }

    private Script script(String repository, String diff, RuntimeException failure) throws Exception {
        Script script = new Script("", repository, "", "", "", ".", "train.py", diff, Requirements.NONE);
        Task task = new Task(
                new TaskId("0".repeat(32)),
                "name",
                "",
                TaskStatus.QUEUED,
                "",
                script,
                Container.NONE,
                Map.of(),
                Map.of());
        return new TaskStorage(tasks, () -> storage(failure), "").script(task, folder, console::add);
    }

    @Test
    void changesThatAreAnArtifactTakeThePlaceOfTheirNote() throws Exception {
        Path diff = Files.writeString(folder.resolve("diff.txt"), "diff --git a/x b/x\n");
        tasks.artifacts.put("auxiliary_git_diff", "file://" + diff);

        assertThat(script("https://host/a.git", NOTE, unused()).diff()).isEqualTo("diff --git a/x b/x\n");
        assertThat(console).containsExactly("fetching the uncommitted changes from artifact 'auxiliary_git_diff'");
        assertThat(diff).exists();
    }

    @Test
    void aTaskWithoutTheArtifactFailsWithTheReason() {
        assertThatThrownBy(() -> script("https://host/a.git", NOTE, unused()))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_INVALID))
                .hasMessageContaining("which it does not have; clear the section to run it without them");
    }

    @Test
    void otherScriptsStayAsTheyAre() throws Exception {
        for (String diff : List.of("", "diff --git a/x b/x\n", "# Artifacts/auxiliary_git_diff\nprint(1)\n")) {
            assertThat(script("https://host/a.git", diff, unused()).diff()).isEqualTo(diff);
        }
        assertThat(script("", NOTE, unused()).diff()).isEqualTo(NOTE);
    }

    @Test
    void aPlaceThatCannotBeWrittenFailsTheTaskBeforeItRuns() {
        TaskStorage denied = new TaskStorage(
                tasks,
                () -> storage(new AgentException(ErrorCode.ACCESS_DENIED, "not allowed to write")),
                "s3://bucket/results");

        assertThatThrownBy(() -> denied.checkOutputPlace(console::add))
                .hasMessage(
                        "sdk.development.default_output_uri 's3://bucket/results': cannot write: not allowed to write");
    }

    @Test
    void aFailureThatMayPassIsOnlyPrinted() throws Exception {
        new TaskStorage(
                        tasks,
                        () -> storage(new AgentException(ErrorCode.STORAGE_FAILED, "no route")),
                        "s3://bucket/results")
                .checkOutputPlace(console::add);

        assertThat(console)
                .containsExactly(
                        "warning: sdk.development.default_output_uri 's3://bucket/results': cannot write: no route");
    }

    @Test
    void theFilesServerAndStoresOfNoPluginAreNotTried() throws Exception {
        for (String place : List.of("", "true", "http://files:8081", "/data")) {
            new TaskStorage(tasks, () -> storage(unused()), place).checkOutputPlace(console::add);
        }
        new TaskStorage(
                        tasks,
                        () -> {
                            throw new AgentException(ErrorCode.PLUGIN_UNUSABLE, "no plugin");
                        },
                        "other://bucket")
                .checkOutputPlace(console::add);
        assertThat(console).isEmpty();
    }
}
