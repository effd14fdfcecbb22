// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code run} takes along: a script never arrives without the code beside it, and nothing else is started. */
@Tag("thorough")
class UserCodeIT {

    @TempDir
    private Path folder;

    private AgentHome home;

    @BeforeEach
    void makeHome() {
        home = AgentHome.emptyIn(folder, Installation.shared());
    }

    @AfterEach
    void closeHome() {
        home.close();
    }

    @Test
    void modulesOfAFolderReachTheTaskAndItsClone() throws IOException {
        Path project = Files.createDirectories(folder.resolve("my project"));
        Path script = Files.writeString(project.resolve("train.py"), "import model\nprint('layers', model.LAYERS)\n");
        Files.writeString(project.resolve("model.py"), "LAYERS = 3\n");

        Shell.Finished first = home.run("run", script.toString(), "--queue", "others");

        assertThat(first.status()).as(first.out() + first.err()).isZero();
        assertThat(first.out()).contains("\nlayers 3\n");
        assertThat(first.err())
                .contains("code: 2 files of '" + project.toRealPath() + "', kept on this machine as commit ")
                .contains("warning: the code is kept on this machine alone");
        JsonNode task = home.server().lastTask();
        assertThat(task.at("/script/repository").asString()).endsWith("/my project.git");
        assertThat(task.at("/script/diff").asString("")).isEmpty();

        Files.delete(project.resolve("model.py"));
        Shell.Finished again = home.run("execute", "--id", clone(task.get("id").asString()));

        assertThat(again.status()).as(again.out() + again.err()).isZero();
        assertThat(again.out()).contains("\nlayers 3\n");
    }

    @Test
    void aScriptThatIsNotTrackedGoesAlongWithTheModulesItNeeds() throws IOException {
        Repository repository = Repository.in(folder);
        Path training = repository.workingCopy().resolve("training");
        Path script = Files.writeString(training.resolve("hello.py"), "import helper\nprint('hello', helper.NAME)\n");
        Files.writeString(training.resolve("helper.py"), "NAME = 'you'\n");

        Files.writeString(repository.workingCopy().resolve(".git/info/exclude"), "hello.py\n"); // named all the same

        Shell.Finished finished = home.run("run", script.toString());

        assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
        assertThat(finished.out()).contains("\nhello you\n");
        assertThat(finished.err())
                .contains("code: sent along, though not tracked: training/hello.py, training/helper.py");
        JsonNode task = home.server().lastTask();
        assertThat(task.at("/script/repository").asString())
                .isEqualTo(repository.bare().toString());
        assertThat(task.at("/script/version_num").asString()).isEqualTo(repository.commit());
    }

    @Test
    void anExecutorThatDoesNotExistEndsRunBeforeATaskIsMade() throws IOException {
        Path script = Files.writeString(folder.resolve("train.py"), "print('never')\n");

        for (Map.Entry<String, String> misspelt : Map.of(
                        "CLEARML_AGENT__AGENT__EXECUTOR__TYPE", "executor",
                        "CLEARML_AGENT__AGENT__PACKAGE_MANAGER__TYPE", "package manager")
                .entrySet()) {
            Shell.Finished finished = home.with(misspelt.getKey(), "vnev").run("run", script.toString());

            assertThat(finished.status()).isNotZero();
            assertThat(finished.err()).contains("no " + misspelt.getValue() + " is called 'vnev'");
        }
        assertThat(home.serverData()).as("no server is started either").doesNotExist();
    }

    private String clone(String task) {
        String copy = home.server()
                .call("tasks.clone", Map.of("task", task))
                .get("id")
                .asString();
        home.server().call("tasks.enqueue", Map.of("task", copy, "queue_name", "others"));
        return copy;
    }
}
