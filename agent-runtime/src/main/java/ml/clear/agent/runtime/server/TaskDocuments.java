// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.task.Task;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.api.task.TaskStatus;

/** Converts tasks from and to the server's documents. Members that a document lacks are read as empty. */
final class TaskDocuments {

    private TaskDocuments() {}

    /** The task of a whole document. */
    static Task task(TaskId id, Json document) {
        return new Task(
                id,
                document.at("name").text(),
                document.at("project").text(),
                TaskStatus.of(document.at("status").text()),
                document.at("status_message").text(),
                script(document.at("script")),
                container(document),
                hyperParameters(document.at("hyperparams")),
                texts(document.at("runtime")));
    }

    /** What an executor may know of a whole document. */
    static TaskFacts facts(TaskId id, Json document) {
        return new TaskFacts(
                id,
                document.at("name").text(),
                "",
                document.at("project").text(),
                document.at("user").text(),
                document.at("tags").items().stream().map(Json::text).toList(),
                script(document.at("script")),
                container(document));
    }

    /** The members of a new task; without requirements the server's agents look into the repository. */
    static Json creation(NewTask task) {
        Json.Builder document =
                Json.object().with("name", task.name()).with("type", "training").with("script", script(task.script()));
        if (!task.projectId().isEmpty()) {
            document.with("project", task.projectId());
        }
        if (!task.container().equals(Container.NONE)) {
            document.with("container", container(task.container()));
        }
        if (!task.hyperParameters().isEmpty()) {
            document.with("hyperparams", hyperParameters(task.hyperParameters()));
        }
        return document.build();
    }

    private static Script script(Json script) {
        String workingDirectory = script.at("working_dir").text();
        String entryPoint = script.at("entry_point").text();
        int colon = entryPoint.indexOf(':');
        if (workingDirectory.isEmpty() && colon >= 0) {
            // an old way to write both, which the Python agent still reads
            workingDirectory = entryPoint.substring(colon + 1);
            entryPoint = entryPoint.substring(0, colon);
        }
        return new Script(
                script.at("binary").text(),
                script.at("repository").text(),
                script.at("branch").text(),
                script.at("tag").text(),
                script.at("version_num").text(),
                workingDirectory,
                entryPoint,
                script.at("diff").text(),
                requirements(script.at("requirements")));
    }

    private static Json script(Script script) {
        Json.Builder requirements = Json.object();
        addText(requirements, "pip", script.requirements().pip());
        addText(requirements, "conda", script.requirements().conda());
        return Json.object()
                .with("binary", script.binary().isEmpty() ? "python" : script.binary())
                .with("repository", script.repository())
                .with("branch", script.branch())
                .with("tag", script.tag())
                .with("version_num", script.commit())
                .with("working_dir", script.workingDirectory())
                .with("entry_point", script.entryPoint())
                .with("diff", script.diff())
                .with("requirements", requirements.build())
                .build();
    }

    private static Requirements requirements(Json requirements) {
        return new Requirements(
                lines(requirements.at("pip")),
                lines(requirements.at("conda")),
                lines(requirements.at("org_pip")),
                lines(requirements.at("org_conda")),
                condaEnvironment(requirements.at("conda_env_json")));
    }

    /** The SDK stores the document as a text. */
    private static String condaEnvironment(Json stored) {
        return stored instanceof Json.Members ? JsonFormat.write(stored) : stored.text();
    }

    /** Lines that were stored as one text or as a list. */
    static List<String> lines(Json stored) {
        return stored instanceof Json.Items(List<Json> items)
                ? items.stream().flatMap(item -> item.text().lines()).toList()
                : stored.text().lines().toList();
    }

    private static void addText(Json.Builder target, String name, List<String> lines) {
        if (!lines.isEmpty()) {
            target.with(name, String.join("\n", lines));
        }
    }

    /** Servers before 2.13 have one line in {@code execution.docker_cmd}: the image, then the arguments. */
    private static Container container(Json document) {
        Json container = document.at("container");
        String old = document.at("execution").at("docker_cmd").text().strip();
        if (container.at("image").text().isEmpty() && !old.isEmpty()) {
            String[] parts = old.split("\\s+", 2);
            return new Container(
                    parts[0],
                    parts.length > 1 ? parts[1] : "",
                    container.at("setup_shell_script").text());
        }
        return new Container(
                container.at("image").text(),
                container.at("arguments").text(),
                container.at("setup_shell_script").text());
    }

    /** The section of a container. */
    static Json container(Container container) {
        return Json.object()
                .with("image", container.image())
                .with("arguments", container.arguments())
                .with("setup_shell_script", container.setupScript())
                .build();
    }

    private static Map<String, Map<String, String>> hyperParameters(Json sections) {
        Map<String, Map<String, String>> result = new LinkedHashMap<>();
        sections.members().forEach((section, items) -> {
            Map<String, String> values = new LinkedHashMap<>();
            items.members()
                    .forEach((name, item) -> values.put(name, item.at("value").text()));
            result.put(section, values);
        });
        return result;
    }

    private static Json hyperParameters(Map<String, Map<String, String>> sections) {
        Json.Builder result = Json.object();
        sections.forEach((section, values) -> {
            Json.Builder items = Json.object();
            values.forEach((name, value) -> items.with(
                    name,
                    Json.object()
                            .with("section", section)
                            .with("name", name)
                            .with("value", value)
                            .build()));
            result.with(section, items.build());
        });
        return result.build();
    }

    static Map<String, String> texts(Json members) {
        Map<String, String> result = new LinkedHashMap<>();
        members.members().forEach((name, value) -> result.put(name, value.text()));
        return result;
    }
}
