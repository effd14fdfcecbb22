// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.ExecutorOption;
import ml.clear.agent.api.spi.ExecutorOption.Command;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.Subcommand.Option;

/** Offers the executor {@code docker}, and the options that select it. */
public final class ExecutorDockerPlugin implements AgentPlugin {

    private static final String EXECUTOR = "docker";
    private static final Set<Command> EVERY = Set.of(Command.values());

    @Override
    public List<Setting<?>> settings() {
        return DockerSettings.all();
    }

    @Override
    public List<Factory<Executor>> executors() {
        return List.of(Factory.of(EXECUTOR, DockerExecutor::new));
    }

    @Override
    public List<ExecutorOption> executorOptions() {
        return List.of(
                new ExecutorOption(
                        Option.values(
                                "--docker",
                                "image",
                                "run tasks in containers; of this image, with these arguments, where a task names"
                                        + " none"),
                        EVERY,
                        EXECUTOR,
                        words -> variables("docker", words)),
                new ExecutorOption(
                        Option.values("--podman", "image", "the same with the engine Podman"),
                        EVERY,
                        EXECUTOR,
                        words -> variables("podman", words)),
                new ExecutorOption(
                        Option.flag(
                                "--force-current-version",
                                "use this version of the agent in containers, whatever agent.docker_agent_distribution"
                                        + " holds"),
                        EVERY,
                        "",
                        _ -> Map.of("CLEARML_AGENT_FORCE_CURRENT_VERSION", "true")));
    }

    /** The image may hold its arguments in one word, as the Python agent has it. */
    private static Map<String, String> variables(String engine, List<String> words) {
        Map<String, String> engineOnly = Map.of("CLEARML_AGENT_DOCKER_ENGINE", engine);
        if (words.isEmpty()) {
            return engineOnly;
        }
        String line = Stream.concat(
                        Stream.of(words.getFirst()), words.stream().skip(1).map(ShellWords::quote))
                .collect(Collectors.joining(" "));
        return Map.of("CLEARML_AGENT_DOCKER_ENGINE", engine, "CLEARML_AGENT_DOCKER_COMMAND_LINE", line);
    }
}
