// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.ExecutionRequest.Output;
import ml.clear.agent.api.execution.KeptImage;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.runtime.launch.LaunchRequest;
import ml.clear.agent.runtime.launch.Launcher;

/**
 * Makes an image with the environment and the code of a task: {@code build} runs in a container, which is kept. An image with an
 * entry point holds the agent too, and runs the task wherever it is started.
 */
final class ImageBuild {

    /** Where the environment is in the image, with the code below it. */
    private static final String TASK = "/opt/clearml/task";

    /** Where the agent is in the image. */
    private static final String AGENT = "/opt/clearml/agent";

    private final Launcher launcher;
    private final LaunchRequest request;
    private final List<String> agentCommand;
    private final String installation;

    /**
     * For one task.
     *
     * @param agentCommand the command that starts this agent again, with its global options
     * @param installation the folder of the installed agent
     */
    ImageBuild(Launcher launcher, LaunchRequest request, List<String> agentCommand, String installation) {
        this.launcher = launcher;
        this.request = request;
        this.agentCommand = List.copyOf(agentCommand);
        this.installation = installation;
    }

    /** What an image starts by itself. */
    enum EntryPoint {
        /** Nothing but what its base image starts. */
        NONE,
        /** The task. */
        REUSE_TASK,
        /** A copy of the task. */
        CLONE_TASK;

        /** @throws AgentException {@code COMMAND_LINE_INVALID} for a name that is none of them */
        static EntryPoint named(String name) {
            return Stream.of(REUSE_TASK, CLONE_TASK)
                    .filter(one -> one.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.COMMAND_LINE_INVALID,
                            "--entry-point is '" + name + "'; reuse_task or clone_task is needed"));
        }
    }

    /** The request for a build of a task: the executor decides about the container as for its execution. */
    static LaunchRequest request(TaskFacts task, Resources resources, Map<String, String> set) {
        return new LaunchRequest(task, "", resources, Output.INHERIT, new Launcher.Variables(set, Set.of()), _ -> {});
    }

    /**
     * Make it.
     *
     * @param name of the image
     * @param options of {@code build} in the container, besides the task and the target
     * @param globally whether the packages go into the image's own interpreter
     * @return the exit code of the build
     */
    int run(String name, List<String> options, boolean globally, EntryPoint entryPoint) throws InterruptedException {
        if (!launcher.keepsImages()) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    "the executor '" + launcher.executorName() + "' makes no images; give --docker or --podman");
        }
        launcher.verify();
        Map<String, String> variables = new HashMap<>();
        if (!globally) {
            variables.put("CLEARML_AGENT_SKIP_PIP_VENV_INSTALL", TASK + "/bin/python");
        }
        if (entryPoint != EntryPoint.NONE) {
            variables.put("CLEARML_AGENT_FORCE_CODE_DIR", TASK + "/code");
        }
        return new ForegroundExecution(launcher, line -> {})
                .keep(request, command(options, entryPoint), new KeptImage(name, started(entryPoint), variables));
    }

    private List<String> command(List<String> options, EntryPoint entryPoint) {
        List<String> build = new ArrayList<>(agentCommand);
        build.addAll(List.of("build", "--id", request.task().id().value(), "--target", TASK));
        build.addAll(options);
        String line = build.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
        return List.of(
                "sh",
                "-c",
                entryPoint == EntryPoint.NONE
                        ? line
                        : line + " && cp -R " + ShellWords.quote(installation) + " " + AGENT);
    }

    private List<String> started(EntryPoint entryPoint) {
        List<String> execute = new ArrayList<>(List.of(
                AGENT + "/bin/clearml-agent",
                "execute",
                "--id",
                request.task().id().value(),
                "--standalone-mode"));
        return switch (entryPoint) {
            case NONE -> List.of();
            case REUSE_TASK -> execute;
            case CLONE_TASK -> {
                execute.add("--clone");
                yield execute;
            }
        };
    }
}
