// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import static ml.clear.agent.runtime.server.FakeClearmlServer.answer;
import static ml.clear.agent.runtime.server.FakeClearmlServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire for tasks. */
class TaskWireTest extends ServerFixture {

    @Test
    void aWholeTaskIsRead() {
        server.on("tasks.get_by_id", answer("""
                {"task": {"id": "%s", "name": "run1", "project": "p1", "status": "queued", "status_message": "stopping",
                 "user": "u", "report_assets": [], "execution": {"artifacts": [], "docker_cmd": "ignored:1"},
                 "script": {"binary": "python3.11", "repository": "https://example.com/r.git", "branch": "main",
                   "tag": "v1", "version_num": "abc", "working_dir": "src", "entry_point": "-m train --lr 1",
                   "diff": "diff --git a b", "requirements": {"pip": "numpy\\ntorch==2.1\\n", "conda": ["a", "b"],
                   "org_pip": ["x"], "conda_env_json": "{\\"dependencies\\": []}", "other": {}}},
                 "container": {"image": "python:3", "arguments": "-e A=1", "setup_shell_script": "apt update", "more": 1},
                 "hyperparams": {"Args": {"lr.x/y $": {"section": "Args", "name": "lr.x/y $", "value": "0.1", "type": "float"}}},
                 "runtime": {"_host": "h", "count": 3, "deep": {"a": [1.50, true, null]}}}}""".formatted(TASK)));

        Task task = client().tasks().get(TASK);

        assertThat(task)
                .isEqualTo(new Task(
                        TASK,
                        "run1",
                        "p1",
                        TaskStatus.QUEUED,
                        "stopping",
                        new Script(
                                "python3.11",
                                "https://example.com/r.git",
                                "main",
                                "v1",
                                "abc",
                                "src",
                                "-m train --lr 1",
                                "diff --git a b",
                                new Requirements(
                                        List.of("numpy", "torch==2.1"),
                                        List.of("a", "b"),
                                        List.of("x"),
                                        List.of(),
                                        "{\"dependencies\": []}")),
                        new Container("python:3", "-e A=1", "apt update"),
                        Map.of("Args", Map.of("lr.x/y $", "0.1")),
                        Map.of("_host", "h", "count", "3", "deep", "{\"a\":[1.50,true,null]}")));
        assertThat(server.received("tasks.get_by_id").getFirst().path()).isEqualTo("/v2.23/tasks.get_by_id");
    }

    @Test
    void whatAFreshTaskLacksReadsAsEmpty() {
        server.on(
                "tasks.get_by_id",
                answer("{\"task\":{\"id\":\"" + TASK
                        + "\",\"status\":\"from the future\",\"container\":{},\"script\":null,\"runtime\":null}}"));

        Task task = client().tasks().get(TASK);

        assertThat(task.status()).isEqualTo(TaskStatus.UNKNOWN);
        assertThat(task.statusMessage()).isEmpty();
        assertThat(task.container()).isEqualTo(Container.NONE);
        assertThat(task.script().requirements()).isEqualTo(Requirements.NONE);
        assertThat(task.runtime()).isEmpty();
    }

    @Test
    void oldFormsOfContainerAndEntryPointAreRead() {
        server.on(
                "tasks.get_by_id",
                answer("{\"task\":{\"execution\":{\"docker_cmd\":\"python:3 -e A=1 --ipc=host\"},"
                        + "\"script\":{\"entry_point\":\"train.py:src\"}}}"));

        Task task = client().tasks().get(TASK);

        assertThat(task.container()).isEqualTo(new Container("python:3", "-e A=1 --ipc=host", ""));
        assertThat(task.script().entryPoint()).isEqualTo("train.py");
        assertThat(task.script().workingDirectory()).isEqualTo("src");
    }

    @Test
    void aTaskIsMadeWithWhatItNeedsAndNothingElse() {
        server.on("tasks.create", answer("{\"id\":\"" + TASK + "\"}"));
        Script script = new Script(
                "", "", "", "", "", ".", "train.py", "print('ü')", Requirements.ofPip(List.of("numpy", "torch==2.1")));

        TaskId id = client().tasks()
                .create(new NewTask("new one", "p1", script, Container.NONE, Map.of("Args", Map.of("lr", "0.1"))));

        assertThat(id).isEqualTo(TASK);
        assertThat(server.received("tasks.create").getFirst().json())
                .isEqualTo(JsonFormat.read("""
                {"name": "new one", "type": "training",
                 "script": {"binary": "python", "repository": "", "branch": "", "tag": "", "version_num": "",
                   "working_dir": ".", "entry_point": "train.py", "diff": "print('ü')",
                   "requirements": {"pip": "numpy\\ntorch==2.1"}},
                 "project": "p1",
                 "hyperparams": {"Args": {"lr": {"section": "Args", "name": "lr", "value": "0.1"}}}}""".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void theHeadersOfAnAgentAreSentAndTheHostIsMadePrintable() {
        server.on("tasks.ping", answer("{}"));

        client().tasks().ping(TASK);

        FakeClearmlServer.Received ping = server.received("tasks.ping").getFirst();
        assertThat(ping.method()).isEqualTo("POST");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ping.headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
        assertThat(headers)
                .containsEntry("X-ClearML-Worker", "w-rk-host")
                .containsEntry("X-Trains-Worker", "w-rk-host")
                .containsEntry("X-ClearML-Agent", "api-0.1.0")
                .containsEntry("X-Trains-Agent", "api-0.1.0")
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Content-Length", Integer.toString(ping.text().length()));
    }

    @Test
    void statusChangesCarryTheirTextsAndOnlyTheStartIsForced() {
        for (String change : List.of("started", "completed", "failed", "stopped")) {
            server.on("tasks." + change, answer("{\"updated\":1,\"fields\":{}}"));
        }
        TaskService tasks = client().tasks();

        tasks.started(TASK, "why", "what");
        tasks.completed(TASK, "why", "what");
        tasks.failed(TASK, "why", "what");
        tasks.stopped(TASK, "why", "what");

        String rest = ",\"status_reason\":\"why\",\"status_message\":\"what\"}";
        assertThat(server.received("tasks.started").getFirst().text())
                .isEqualTo("{\"task\":\"" + TASK + "\",\"force\":true" + rest);
        for (String change : List.of("completed", "failed", "stopped")) {
            assertThat(server.received("tasks." + change).getFirst().text())
                    .isEqualTo("{\"task\":\"" + TASK + "\",\"force\":false" + rest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 101, NOT_FOUND",
        "400, 130, NOT_FOUND",
        "400, 10, NOT_FOUND",
        "400, 701, NOT_FOUND",
        "400, 110, CONFLICT",
        "400, 121, CONFLICT",
        "400, 706, CONFLICT",
        "400, 800, TASK_INVALID",
        "400, 0, SERVER_PROTOCOL",
        "403, 20, CREDENTIALS_REFUSED",
        "403, 21, CONFLICT",
        "404, 0, SERVER_PROTOCOL",
        "500, 101, SERVER_PROTOCOL"
    })
    void refusalsAreToldApart(int code, int subcode, ErrorCode expected) {
        server.on("tasks.completed", refuse(code, subcode, "some words of the server"));

        assertThatThrownBy(() -> client().tasks().completed(TASK, "", ""))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(expected))
                .hasMessageContaining(server.address().toString())
                .hasMessageContaining("tasks.completed")
                .hasMessageContaining(code + "/" + subcode + ": some words of the server");
        assertThat(server.received("tasks.completed")).hasSize(1);
    }

    @Test
    void aPollTellsStatusAndMessageOrThatTheTaskIsGone() {
        server.on(
                "tasks.get_all",
                answer("{\"tasks\":[{\"status\":\"in_progress\",\"status_message\":\"stopping\"}]}"),
                answer("{\"tasks\":[{\"status\":\"created\"}]}"),
                answer("{\"tasks\":[]}"));
        TaskService tasks = client().tasks();

        assertThat(tasks.state(TASK)).contains(new TaskState(TaskStatus.IN_PROGRESS, "stopping"));
        assertThat(tasks.state(TASK)).contains(new TaskState(TaskStatus.CREATED, ""));
        assertThat(tasks.state(TASK)).isEmpty();
        assertThat(server.received("tasks.get_all").getFirst().text())
                .isEqualTo("{\"id\":[\"" + TASK
                        + "\"],\"search_hidden\":true,\"only_fields\":[\"status\",\"status_message\"]}");
    }

    @Test
    void aSearchByNameTakesOnlyWhatReallyHasTheName() {
        server.on(
                "tasks.get_all",
                answer("{\"tasks\":[{\"id\":\"" + TASK + "\",\"name\":\"My Run (1)\"},"
                        + "{\"id\":\"ffffffffffffffffffffffffffffffff\",\"name\":\"another\"}]}"));

        assertThat(client().tasks().findByName("my run (1)")).containsExactly(TASK);
        assertThat(server.received("tasks.get_all")
                        .getFirst()
                        .json()
                        .at("_any_")
                        .at("pattern")
                        .text())
                .isEqualTo("^my\\ run\\ \\(1\\)$");
    }

    @Test
    void factsOfTheRunAreAddedToThoseThatAreThereInTheirOwnTypes() {
        server.on(
                        "tasks.get_all",
                        answer("{\"tasks\":[{\"runtime\":{\"old\":1.50,\"list\":[1,\"a\"],\"again\":\"x\"}}]}"))
                .on("tasks.edit", answer("{\"updated\":1}"));

        client().tasks().recordRuntime(TASK, Map.of("again", "y"));

        assertThat(server.received("tasks.edit").getFirst().text())
                .isEqualTo("{\"task\":\"" + TASK
                        + "\",\"force\":true,\"runtime\":{\"old\":1.50,\"list\":[1,\"a\"],\"again\":\"y\"}}");
    }

    @Test
    void factsAboutATaskThatIsGoneHaveNowhereToGo() {
        server.on("tasks.get_all", answer("{\"tasks\":[]}"));

        assertThatThrownBy(() -> client().tasks().recordRuntime(TASK, Map.of("a", "b")))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void theCommitIsRecordedAlone() {
        server.on("tasks.edit", answer("{\"updated\":1}"));

        client().tasks().recordCommit(TASK, "abc");

        assertThat(server.received("tasks.edit").getFirst().text())
                .isEqualTo("{\"task\":\"" + TASK + "\",\"force\":true,\"script\":{\"version_num\":\"abc\"}}");
    }

    @Test
    void whatWasInstalledIsRecordedAndWhatWasAskedForIsKeptAsItWas() {
        server.on("tasks.set_requirements", answer("{\"updated\":1}"))
                .on(
                        "tasks.get_all",
                        requirements("{\"pip\":\"numpy\\n\",\"conda_env_json\":{\"a\":1}}"),
                        requirements("{\"pip\":[\"numpy==1.0\"],\"org_pip\":\"numpy\\n\"}"),
                        requirements("{}"),
                        requirements("{\"pip\":[\"a\",\"b\"],\"conda\":\"c\"}"));
        TaskService tasks = client().tasks();
        Requirements frozen = Requirements.ofPip(List.of("numpy==1.0", "six==1.17"));

        tasks.recordRequirements(TASK, frozen);
        tasks.recordRequirements(TASK, frozen);
        tasks.recordRequirements(TASK, frozen);
        tasks.recordRequirements(
                TASK, new Requirements(List.of("a==1"), List.of("c=2"), List.of("a", "b"), List.of("c")));

        String pip = "\"pip\":[\"numpy==1.0\",\"six==1.17\"]";
        assertThat(server.received("tasks.set_requirements"))
                .extracting(sent -> sent.json().at("requirements"))
                .containsExactly(
                        json("{\"org_pip\":\"numpy\\n\",\"conda_env_json\":{\"a\":1}," + pip + "}"),
                        json("{\"org_pip\":\"numpy\\n\"," + pip + "}"),
                        json("{" + pip + "}"),
                        json("{\"org_pip\":[\"a\",\"b\"],\"org_conda\":\"c\",\"pip\":[\"a==1\"],\"conda\":[\"c=2\"]}"));
    }

    @Test
    void theResultsPageDependsOnTheVersionInTheToken() {
        Task task = new Task(
                TASK,
                "n",
                "p1",
                TaskStatus.CREATED,
                "",
                new Script("", "", "", "", "", "", "", "", Requirements.NONE),
                Container.NONE,
                Map.of(),
                Map.of());
        ServerConnectionSettings settings =
                settings(server.address(), keyPair()).withWebServer("https://app.example.com/");
        HttpClearmlServer client = client(settings);

        assertThat(client.resultsPage(task))
                .isEqualTo("https://app.example.com/projects/p1/tasks/" + TASK + "/output/log");
        assertThat(new WebPages("http://w").results(task, "2.30"))
                .isEqualTo("http://w/projects/p1/experiments/" + TASK + "/output/log");
        assertThat(WebPages.of(settings(java.net.URI.create("http://h:8008"), keyPair()))
                        .web())
                .isEqualTo("http://h:8080");
        assertThat(WebPages.of(settings(java.net.URI.create("https://api.clear.ml"), keyPair()))
                        .web())
                .isEqualTo("https://app.clear.ml");
    }

    private static FakeClearmlServer.Reaction requirements(String stored) {
        return answer("{\"tasks\":[{\"script\":{\"requirements\":" + stored + "}}]}");
    }

    private static Json json(String text) {
        return JsonFormat.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
